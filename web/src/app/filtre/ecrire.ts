/** From a filter built on screen to the CQL2 text the server reads. */
import type { ChampSchema, GenreChamp } from '../api/types';
import { estComplete, type Condition, type Filtre } from './modele';

/** A text literal: the apostrophe doubles. */
export const litteral = (text: string): string => `'${text.replace(/'/g, "''")}'`;

/** Signs a pattern would read are kept as themselves. */
const motif = (text: string): string => text.replace(/[\\%_]/g, (c) => `\\${c}`);

/** A property: between quotes when it is a word of the language. */
const MOTS = new Set(['and', 'or', 'not', 'in', 'like', 'between', 'is', 'null', 'true', 'false', 'date', 'timestamp', 'today', 'user', 'record']);
const propriete = (nom: string): string => (MOTS.has(nom.toLowerCase()) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(nom) ? `"${nom.replace(/"/g, '""')}"` : nom);

const NOMBRE = /^-?\d{1,18}(?:\.\d{1,12})?$/;
const JOUR = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z$/;

/** The literal of a value of a field; null when it is not one. */
function valeurCql(genre: GenreChamp, valeur: string): string | null {
  if (genre === 'entier' || genre === 'decimal' || genre === 'montant') return NOMBRE.test(valeur) ? valeur : null;
  if (genre === 'date') return JOUR.test(valeur) ? `date('${valeur}')` : null;
  if (genre === 'instant') return INSTANT.test(valeur) ? `timestamp('${valeur}')` : null;
  return litteral(valeur);
}

function conditionCql(condition: Condition, genre: GenreChamp): string | null {
  const p = propriete(condition.champ);
  const { operateur, valeurs } = condition;
  const [a, b] = valeurs.map((v) => valeurCql(genre, v));
  const brut = valeurs[0] ?? '';
  switch (operateur) {
    case 'vide':
      return `${p} is null`;
    case 'rempli':
      return `${p} is not null`;
    case 'vrai':
      return `${p} = true`;
    case 'faux':
      return `${p} = false`;
    case 'contient':
      return genre === 'references' ? `${litteral(brut)} in ${p}` : `${p} like ${litteral(`%${motif(brut)}%`)}`;
    case 'commence':
      return `${p} like ${litteral(`${motif(brut)}%`)}`;
    case 'depuis':
      return /^P\d{1,4}[YMD]$/.test(brut) ? `${p} >= today() - '${brut}'` : null;
    case 'egal':
      return a ? `${p} = ${a}` : null;
    case 'different':
      // An empty field differs too: without this the language leaves it out.
      return a ? `(${p} <> ${a} or ${p} is null)` : null;
    case 'moins':
      return a ? `${p} <= ${a}` : null;
    case 'plus':
      return a ? `${p} >= ${a}` : null;
    case 'entre':
      return a && b ? `${p} between ${a} and ${b}` : null;
    case 'parmi':
    case 'hors': {
      const list = valeurs.map((v) => valeurCql(genre, v));
      return list.includes(null) ? null : `${p} ${operateur === 'hors' ? 'not in' : 'in'} (${list.join(', ')})`;
    }
  }
}

/** The text of a filter; conditions that are not complete, or on fields that are not there, are left out. */
export function ecrireFiltre({ lien, conditions }: Filtre, champs: readonly ChampSchema[]): string {
  const genres = new Map(champs.map((c) => [c.nom, c.genre]));
  const textes = conditions.flatMap((condition) => {
    const genre = genres.get(condition.champ);
    const text = genre && estComplete(condition) ? conditionCql(condition, genre) : null;
    return text === null ? [] : [text];
  });
  return textes.join(lien === 'et' ? ' and ' : ' or ');
}
