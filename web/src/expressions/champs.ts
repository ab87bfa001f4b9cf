/** The types of an object's fields, from its schema. */

import type { Types } from './evaluer';
import type { Type } from './valeurs';

/** A field, as the schema of an object tells it. */
interface Champ {
  nom: string;
  genre: string;
}

const PAR_GENRE: Readonly<Record<string, Type>> = {
  texte: 'texte',
  texte_long: 'texte',
  riche: 'texte',
  code: 'texte',
  entier: 'entier',
  decimal: 'decimal',
  montant: 'decimal',
  date: 'date',
  instant: 'instant',
  booleen: 'booleen',
  reference: 'identifiant',
  fichier: 'identifiant',
  references: 'identifiants',
};

/** A field of a kind that does not compare, as a geometry, has no type and no expression uses it. */
export function typesDesChamps(champs: readonly Champ[], utilisateur: Types = {}): Types {
  const attributs = Object.entries(utilisateur).map(([nom, type]) => [`user.${nom}`, type] as const);
  const types = champs.flatMap(({ nom, genre }) => {
    const type = Object.hasOwn(PAR_GENRE, genre) ? PAR_GENRE[genre] : undefined;
    return type === undefined ? [] : [[nom, type] as const];
  });
  return Object.fromEntries([...types, ...attributs]);
}
