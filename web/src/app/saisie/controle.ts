/** What a form refuses before asking the server, which judges again with authority. */
import type { ChampSchema, Ecriture, Fiche, Objet, Valeur } from '../api/types';
import { estRequis, estVisible, type Contexte } from './conditions';
import { champsDuFormulaire, lireSaisi, recordDe, type DefautChamp, type Saisie } from './valeurs';

/** Faults by field; `geometrie` is the one of the shape. */
export type Defauts = Record<string, DefautChamp>;

const vide = (valeur: Valeur): boolean => valeur === null || valeur === '' || (Array.isArray(valeur) && valeur.length === 0);

/** Fields shown given what the form holds. */
export function champsVisibles(objet: Objet, fiche: Fiche | null, saisie: Saisie, contexte: Contexte): ChampSchema[] {
  const record = recordDe(objet.champs, fiche, saisie);
  return champsDuFormulaire(objet.champs).filter((c) => estVisible(c, record, contexte));
}

/** Largest body of a write, bytes: the server's own bound, less what goes beside the fields (a reason, an amendment's). */
export const MAX_CORPS = 512 * 1024 - 32 * 1024;

const octets = (valeur: unknown): number => new TextEncoder().encode(JSON.stringify(valeur)).length;

/** What makes a write too large, the heaviest first: without those named, the rest would pass. */
export function tropLourds({ champs, geometrie = null }: Ecriture): string[] {
  let total = octets({ champs, geometrie });
  if (total <= MAX_CORPS) return [];
  const parts = [...Object.entries(champs), ['geometrie', geometrie] as const].map(([nom, valeur]) => ({ nom, poids: octets(valeur) })).sort((a, b) => b.poids - a.poids);
  const trouves: string[] = [];
  for (const { nom, poids } of parts) {
    if (total <= MAX_CORPS) break;
    trouves.push(nom);
    total -= poids;
  }
  return trouves;
}

export function controler(objet: Objet, fiche: Fiche | null, saisie: Saisie, contexte: Contexte): Defauts {
  const record = recordDe(objet.champs, fiche, saisie);
  const defauts: Defauts = {};
  for (const champ of champsVisibles(objet, fiche, saisie, contexte)) {
    const lu = lireSaisi(champ, saisie.champs[champ.nom]);
    if (!lu.ok) defauts[champ.nom] = lu.defaut;
    else if (vide(lu.valeur) && estRequis(champ, record, contexte)) defauts[champ.nom] = 'obligatoire';
  }
  if (objet.geometrie?.obligatoire && saisie.geometrie === null) defauts.geometrie = 'obligatoire';
  for (const nom of tropLourds(ecritureDe(objet, fiche, saisie))) defauts[nom] ??= 'lourd';
  return defauts;
}

/**
 * What is sent of a form: for a new row, what is filled; for a change, what differs from the row.
 * A field that is not shown is sent as it is: hiding it empties nothing.
 */
export function ecritureDe(objet: Objet, fiche: Fiche | null, saisie: Saisie): Ecriture {
  const champs: Record<string, Valeur> = {};
  for (const champ of champsDuFormulaire(objet.champs)) {
    const lu = lireSaisi(champ, saisie.champs[champ.nom]);
    if (!lu.ok) continue;
    const avant = fiche?.champs[champ.nom] ?? (champ.genre === 'references' ? [] : null);
    if (fiche ? JSON.stringify(avant) !== JSON.stringify(lu.valeur) : !vide(lu.valeur)) champs[champ.nom] = lu.valeur;
  }
  const ecriture: Ecriture = { champs };
  const geometrie = fiche?.geometrie ?? null;
  if (objet.geometrie && JSON.stringify(geometrie) !== JSON.stringify(saisie.geometrie)) ecriture.geometrie = saisie.geometrie;
  if (!fiche && saisie.insee) ecriture.insee = saisie.insee;
  return ecriture;
}
