/** Which columns a list shows, and in which order it is sorted. */
import type { ChampSchema, ListeSchema, Objet } from '../api/types';
import { estPersonnel } from '../personnel/champs';

/** The row's own title, always first. */
export const TITRE = 'titre';
/** Columns shown when nobody chose. */
const PREMIERES = 6;

/** Fields that can be columns. */
export const colonnables = ({ champs }: Objet): ChampSchema[] => champs.filter((c) => c.genre !== 'geometrie');

/**
 * The columns after the title: the reader's choice, else the list's, else the object's own, without those that make the
 * title; personal fields that are open come after.
 */
export function colonnesDe(objet: Objet, liste: ListeSchema | undefined, choisies: readonly string[] | null): ChampSchema[] {
  const possibles = new Map(colonnables(objet).map((c) => [c.nom, c]));
  const siennes = colonnables(objet).filter((c) => c.colonne).slice(0, PREMIERES);
  const duTitre = new Set(objet.titre ?? []);
  const personnelles = colonnables(objet).filter(estPersonnel);
  const voulues = choisies ?? [...new Set([...(liste?.colonnes ?? siennes.map((c) => c.nom)), ...personnelles.map((c) => c.nom)])].filter((nom) => !duTitre.has(nom));
  return voulues.flatMap((nom) => possibles.get(nom) ?? []);
}

/** The sort asked: the reader's, else the list's. */
export const triDe = (liste: ListeSchema | undefined, choisi: readonly string[] | null): readonly string[] => (choisi !== null && choisi.length > 0 ? choisi : (liste?.tri ?? []));

export type Sens = 'ascending' | 'descending' | 'none';

export function sensDe(tri: readonly string[], nom: string): Sens {
  if (tri.includes(nom)) return 'ascending';
  return tri.includes(`-${nom}`) ? 'descending' : 'none';
}

/**
 * The sort after a press on a column: up, then down, then none.
 * `ajouter` keeps the other columns of the sort, this one last.
 */
export function basculerTri(tri: readonly string[], nom: string, ajouter: boolean): string[] {
  const sens = sensDe(tri, nom);
  const suivant = sens === 'none' ? [nom] : sens === 'ascending' ? [`-${nom}`] : [];
  if (!ajouter) return suivant;
  const at = tri.findIndex((n) => n === nom || n === `-${nom}`);
  if (at < 0) return [...tri, ...suivant];
  return [...tri.slice(0, at), ...suivant, ...tri.slice(at + 1)];
}
