/** Values of a record: read by their type into what compares, and given back as the API writes them. */

import { ecrireInstant, ecrireJour, lireInstant, lireJour } from './dates';
import { decimalEntier, ecrireDecimal, entierDe, lireDecimal } from './decimal';
import { comparerTextes } from './textes';

/** The type of a property; `textes` and `identifiants` are arrays. */
export type Type =
  | 'texte'
  | 'entier'
  | 'decimal'
  | 'booleen'
  | 'date'
  | 'instant'
  | 'identifiant'
  | 'textes'
  | 'identifiants';

/** What compares: numbers in units of a decimal, dates as days, instants in microseconds. */
export type Donnee = string | bigint | number | boolean | readonly string[];

/** As the API writes it; an integer that `number` does not hold is a `bigint`. */
export type Valeur = string | number | bigint | boolean | readonly string[];

const IDENTIFIANT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ENTIER_AU_PLUS = 2n ** 63n;

/** Lower case, when it is an identifier. */
export function lireIdentifiant(texte: string): string | null {
  const bas = texte.toLowerCase();
  return IDENTIFIANT.test(bas) ? bas : null;
}

/** A value of another type than its property's is no value. */
export function lireValeur(type: Type, valeur: unknown): Donnee | null {
  switch (type) {
    case 'texte':
      return typeof valeur === 'string' ? valeur : null;
    case 'entier':
      return lireEntier(valeur);
    case 'decimal':
      if (typeof valeur === 'number') return lireDecimal(String(valeur));
      return typeof valeur === 'string' ? lireDecimal(valeur) : lireEntier(valeur);
    case 'booleen':
      return typeof valeur === 'boolean' ? valeur : null;
    case 'date':
      return typeof valeur === 'string' ? lireJour(valeur) : null;
    case 'instant':
      return typeof valeur === 'string' ? lireInstant(valeur) : null;
    case 'identifiant':
      return typeof valeur === 'string' ? lireIdentifiant(valeur) : null;
    case 'textes':
      return lireTableau(valeur, (texte) => texte);
    case 'identifiants':
      return lireTableau(valeur, lireIdentifiant);
  }
}

function lireEntier(valeur: unknown): bigint | null {
  if (typeof valeur === 'number') return Number.isSafeInteger(valeur) ? decimalEntier(BigInt(valeur)) : null;
  if (typeof valeur !== 'bigint') return null;
  return valeur < ENTIER_AU_PLUS && valeur >= -ENTIER_AU_PLUS ? decimalEntier(valeur) : null;
}

function lireTableau(valeur: unknown, lire: (texte: string) => string | null): readonly string[] | null {
  if (!Array.isArray(valeur)) return null;
  const lus = valeur.map((item: unknown) => (typeof item === 'string' ? lire(item) : null));
  return lus.every((item) => item !== null) ? lus : null;
}

/** As the API writes it; null for a date beyond the years 1 to 9999. */
export function ecrireValeur(type: Type, donnee: Donnee): Valeur | null {
  if (typeof donnee === 'bigint') {
    if (type === 'instant') return ecrireInstant(donnee);
    if (type === 'decimal') return ecrireDecimal(donnee);
    const entier = entierDe(donnee);
    return entier !== null && Number.isSafeInteger(Number(entier)) ? Number(entier) : entier;
  }
  return typeof donnee === 'number' ? ecrireJour(donnee) : donnee;
}

/** Negative, zero or positive, for two values of one family; null when one is absent. */
export function comparer(gauche: Donnee | null, droite: Donnee | null): number | null {
  if (gauche === null || droite === null) return null;
  if (typeof gauche === 'string' && typeof droite === 'string') return comparerTextes(gauche, droite);
  if (gauche === droite) return 0;
  return gauche < droite ? -1 : 1;
}
