/** Counts rows by the value of one field, for a chart and the table beside it. */
import type { Fiche, Objet } from '../api/types';

export interface Barre {
  libelle: string;
  nombre: number;
}

/** Bars drawn; the rarest values are put together. */
const MAX_BARRES = 8;

/** Most frequent first; `vide` names what has no value, `autres` what is put together. */
export function compterPar(fiches: readonly Fiche[], objet: Objet, par: string, mots: { vide: string; autres: string; oui: string; non: string }): Barre[] {
  const champ = objet.champs.find((c) => c.nom === par);
  const comptes = new Map<string, number>();
  for (const { champs, libelles } of fiches) {
    const valeur = champs[par];
    const libelle = libelles[par];
    const dit =
      valeur === null || valeur === undefined || valeur === ''
        ? mots.vide
        : typeof valeur === 'boolean'
          ? valeur
            ? mots.oui
            : mots.non
          : typeof libelle === 'string'
            ? libelle
            : (champ?.codes?.find((c) => c.code === valeur)?.libelle ?? String(valeur));
    comptes.set(dit, (comptes.get(dit) ?? 0) + 1);
  }
  const barres = [...comptes].map(([libelle, nombre]) => ({ libelle, nombre })).sort((a, b) => b.nombre - a.nombre || a.libelle.localeCompare(b.libelle, 'fr'));
  if (barres.length <= MAX_BARRES) return barres;
  const reste = barres.slice(MAX_BARRES - 1).reduce((n, b) => n + b.nombre, 0);
  return [...barres.slice(0, MAX_BARRES - 1), { libelle: mots.autres, nombre: reste }];
}
