/** A filter as it is built on screen: conditions on fields, all of them or any of them. */
import type { ChampSchema, GenreChamp } from '../api/types';

export type Operateur =
  | 'egal'
  | 'different'
  | 'contient'
  | 'commence'
  | 'moins'
  | 'plus'
  | 'entre'
  | 'depuis'
  | 'parmi'
  | 'hors'
  | 'vrai'
  | 'faux'
  | 'vide'
  | 'rempli';

export interface Condition {
  champ: string;
  operateur: Operateur;
  /** As the server writes them; none for « vide » and its like, two for « entre », any number for « parmi ». */
  valeurs: string[];
}

export interface Filtre {
  lien: 'et' | 'ou';
  conditions: Condition[];
}

export const FILTRE_VIDE: Filtre = { lien: 'et', conditions: [] };

const TEXTE: readonly Operateur[] = ['contient', 'commence', 'egal', 'different', 'vide', 'rempli'];
const NOMBRE: readonly Operateur[] = ['egal', 'different', 'moins', 'plus', 'entre', 'vide', 'rempli'];

const OPERATEURS: Readonly<Record<GenreChamp, readonly Operateur[]>> = {
  texte: TEXTE,
  texte_long: TEXTE,
  riche: ['contient', 'vide', 'rempli'],
  entier: NOMBRE,
  decimal: NOMBRE,
  montant: NOMBRE,
  date: ['egal', 'moins', 'plus', 'entre', 'depuis', 'vide', 'rempli'],
  instant: ['moins', 'plus', 'entre', 'vide', 'rempli'],
  booleen: ['vrai', 'faux', 'vide'],
  code: ['parmi', 'hors', 'vide', 'rempli'],
  reference: ['parmi', 'vide', 'rempli'],
  references: ['contient'],
  fichier: ['vide', 'rempli'],
  geometrie: ['vide', 'rempli'],
};

/** What may be asked of a field, the likeliest first. */
export const operateursDe = (genre: GenreChamp): readonly Operateur[] => OPERATEURS[genre];

/** How many values an operator takes; null is any number from one. */
export function nombreDeValeurs(operateur: Operateur): number | null {
  if (operateur === 'vide' || operateur === 'rempli' || operateur === 'vrai' || operateur === 'faux') return 0;
  if (operateur === 'entre') return 2;
  return operateur === 'parmi' || operateur === 'hors' ? null : 1;
}

/** Whether a condition has all its values; one that has not is not asked yet. */
export function estComplete({ operateur, valeurs }: Condition): boolean {
  const attendu = nombreDeValeurs(operateur);
  return valeurs.every((v) => v !== '') && (attendu === null ? valeurs.length > 0 : valeurs.length === attendu);
}

/** A condition to begin with on a field. */
export function conditionSur(champ: ChampSchema): Condition {
  const [operateur = 'rempli'] = operateursDe(champ.genre);
  const n = nombreDeValeurs(operateur);
  return { champ: champ.nom, operateur, valeurs: n === null ? [] : Array.from({ length: n }, () => '') };
}

/** The condition under another operator, with the values that still hold. */
export function avecOperateur(condition: Condition, operateur: Operateur): Condition {
  const n = nombreDeValeurs(operateur);
  const valeurs = n === null ? condition.valeurs.filter((v) => v !== '') : Array.from({ length: n }, (_, i) => condition.valeurs[i] ?? '');
  return { ...condition, operateur, valeurs };
}

/** Fields a filter may name. */
export const filtrables = (champs: readonly ChampSchema[]): ChampSchema[] => champs.filter((c) => c.genre !== 'geometrie');
