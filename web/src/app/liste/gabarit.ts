/** How wide the columns of a list are: by what their fields hold. */
import type { ChampSchema, GenreChamp } from '../api/types';

/** Rem a column takes at least, rem it is content with where room is short, and its share of what is left. */
type Mesure = readonly [number, number, number];
const COURT: Mesure = [6.5, 6, 0.7];
const MOYEN: Mesure = [8, 6, 1];
const LONG: Mesure = [9, 6, 1.4];
const MESURES: Readonly<Partial<Record<GenreChamp, Mesure>>> = {
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
/** The box to tick, then the title: it repeats what columns say, and gives way to them. */
const CASE = 2.25;
const TITRE: Mesure = [11, 7, 1.6];

/** Tracks of the grid in a frame of `place` rem, and the width under which it scrolls sideways. */
export function gabaritDe(colonnes: readonly ChampSchema[], place: number): { pistes: string; largeur: number } {
  const mesures = [TITRE, ...colonnes.map((c) => MESURES[c.genre] ?? MOYEN)];
  const serre = mesures.reduce((somme, [min]) => somme + min, CASE) > place;
  const minDe = ([min, court]: Mesure): number => (serre ? court : min);
  const pistes = mesures.map((m) => `minmax(${String(minDe(m))}rem, ${String(m[2])}fr)`);
  return { pistes: [`${String(CASE)}rem`, ...pistes].join(' '), largeur: mesures.reduce((somme, m) => somme + minDe(m), CASE) };
}
