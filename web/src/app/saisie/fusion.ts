/** Two persons changed one row: which fields are at stake, and the form that comes of the choices. */
import type { ChampSchema } from '../api/types';
import { champsDifferents, geometrieDiffere, type Saisie } from './valeurs';

/** Key of the geometry among the fields in conflict. */
export const GEOMETRIE = 'geometrie';

export interface Conflit {
  /** Fields both changed, otherwise each. */
  champs: ChampSchema[];
  geometrie: boolean;
}

/** What needs a choice: changed here since `base`, and there otherwise. */
export function conflitDe(champs: readonly ChampSchema[], base: Saisie, ici: Saisie, la: Saisie): Conflit {
  const changesIci = new Set(champsDifferents(champs, base, ici));
  const ecarts = new Set(champsDifferents(champs, ici, la));
  return {
    champs: champsDifferents(champs, base, la).filter((c) => changesIci.has(c) && ecarts.has(c)),
    geometrie: geometrieDiffere(base, ici) && geometrieDiffere(base, la) && geometrieDiffere(ici, la),
  };
}

/**
 * The form on the row as it is now: what was changed here alone stays, what was changed there alone is taken,
 * and of what both changed, the fields in `garder` stay.
 */
export function fusionner(champs: readonly ChampSchema[], base: Saisie, ici: Saisie, la: Saisie, garder: ReadonlySet<string>): Saisie {
  const { champs: enJeu, geometrie } = conflitDe(champs, base, ici, la);
  const disputes = new Set(enJeu.map((c) => c.nom));
  const resultat: Saisie = { ...la, champs: { ...la.champs } };
  for (const { nom } of champsDifferents(champs, base, ici)) {
    const valeur = ici.champs[nom];
    if (valeur !== undefined && (!disputes.has(nom) || garder.has(nom))) resultat.champs[nom] = valeur;
  }
  if (geometrieDiffere(base, ici) && (!geometrie || garder.has(GEOMETRIE))) resultat.geometrie = ici.geometrie;
  return resultat;
}
