/** What a chart draws of the counts the server gives, the most frequent first. */
import type { PartGraphique } from '../api/types';

export interface Barre {
  libelle: string;
  nombre: number;
}

/** Bars drawn; the rarest values are put together. */
const MAX_BARRES = 8;

/** `vide` names what has no value, `autres` what is put together; a box is said by its words. */
export function barresDe(parts: readonly PartGraphique[], mots: { vide: string; autres: string; oui: string; non: string }): Barre[] {
  const dire = ({ valeur, libelle }: PartGraphique): string => {
    if (valeur === null || valeur === '') return mots.vide;
    if (libelle !== null && libelle !== valeur) return libelle;
    return valeur === 'true' ? mots.oui : valeur === 'false' ? mots.non : valeur;
  };
  const barres = parts.map((p) => ({ libelle: dire(p), nombre: p.nombre }));
  if (barres.length <= MAX_BARRES) return barres;
  const reste = barres.slice(MAX_BARRES - 1).reduce((n, b) => n + b.nombre, 0);
  return [...barres.slice(0, MAX_BARRES - 1), { libelle: mots.autres, nombre: reste }];
}
