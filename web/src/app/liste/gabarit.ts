/** How wide the columns of a list are: by what their fields hold. */
import type { ChampSchema, GenreChamp } from '../api/types';

/** Rem a column takes at least, and its share of what is left. */
const COURT = [6.5, 0.7] as const;
const MOYEN = [8, 1] as const;
const LONG = [9, 1.4] as const;
const MESURES: Readonly<Partial<Record<GenreChamp, readonly [number, number]>>> = {
  entier: COURT,
  decimal: COURT,
  montant: COURT,
  date: COURT,
  booleen: COURT,
  instant: MOYEN,
  code: MOYEN,
  texte_long: LONG,
  riche: LONG,
};
/** The box to tick, then the title. */
const CASE = 2.25;
const TITRE = [12, 2] as const;

/** Tracks of the grid, and the width under which it scrolls sideways. */
export function gabaritDe(colonnes: readonly ChampSchema[]): { pistes: string; largeur: string } {
  const mesures = [TITRE, ...colonnes.map((c) => MESURES[c.genre] ?? MOYEN)];
  const pistes = mesures.map(([min, part]) => `minmax(${String(min)}rem, ${String(part)}fr)`);
  const largeur = mesures.reduce((somme, [min]) => somme + min, CASE);
  return { pistes: [`${String(CASE)}rem`, ...pistes].join(' '), largeur: `${String(largeur)}rem` };
}
