/**
 * Evaluates, in the browser, the expressions the server evaluates too: the same JSON, the same answers, NULL included.
 *
 * The content policy forbids `eval`, and so does good sense: a tree is read within bounds, typed, then walked.
 */

import { lirePredicat, lireScalaire } from './arbre';
import { type Donnees, compilerPredicat, compilerScalaire } from './compiler';
import { lireJour } from './dates';
import { type Type, type Valeur, ecrireValeur, lireValeur } from './valeurs';

/** Types of the properties an expression may use; those of who asks are named with `user.`. */
export type Types = Readonly<Record<string, Type>>;

/** Values of a record, as the API writes them. */
export type Fiche = Readonly<Record<string, unknown>>;

/** What an expression knows besides the record. */
export interface Circonstances {
  /** Civil date of today where the collectivité is, `2026-06-15`. */
  aujourdhui: string;
  /** Attributes of who asks, named without `user.`. */
  utilisateur?: Fiche;
}

/** Circumstances, and the types of the properties. */
export interface Contexte extends Circonstances {
  types: Types;
}

/**
 * Whether a record passes; null when it is unknown, which does not pass either.
 *
 * @throws ExpressionRefusee when the expression is not in the language or does not fit the types.
 */
export function evaluer(expression: unknown, fiche: Fiche, contexte: Contexte): boolean | null {
  return preparer(expression, contexte.types)(fiche, contexte);
}

/**
 * The value of a scalar expression on a record, as the API writes it; null when it has none.
 *
 * @throws ExpressionRefusee when the expression is not in the language or does not fit the types.
 */
export function evaluerValeur(expression: unknown, fiche: Fiche, contexte: Contexte): Valeur | null {
  return preparerValeur(expression, contexte.types)(fiche, contexte);
}

/** Reads and types a condition once, to be asked at each change of a record. */
export function preparer(expression: unknown, types: Types): (fiche: Fiche, ou: Circonstances) => boolean | null {
  const reponse = compilerPredicat(lirePredicat(expression), (nom) => lireDans(types, nom));
  return (fiche, ou) => reponse(donneesDe(fiche, ou));
}

/** Reads and types a scalar expression once. */
export function preparerValeur(expression: unknown, types: Types): (fiche: Fiche, ou: Circonstances) => Valeur | null {
  const { type, donnee } = compilerScalaire(lireScalaire(expression), (nom) => lireDans(types, nom));
  return (fiche, ou) => {
    const lue = donnee(donneesDe(fiche, ou));
    return lue === null ? null : ecrireValeur(type, lue);
  };
}

function donneesDe(fiche: Fiche, { aujourdhui, utilisateur = {} }: Circonstances): Donnees {
  return {
    aujourdhui: lireJour(aujourdhui),
    propriete: (nom, type) => {
      const demandeur = nom.startsWith('user.');
      return lireValeur(type, demandeur ? propre(utilisateur, nom.slice('user.'.length)) : lireDans(fiche, nom));
    },
  };
}

/** In a form, `record.x` is the field `x` of the record itself. */
function lireDans<T>(valeurs: Readonly<Record<string, T>>, nom: string): T | undefined {
  return propre(valeurs, nom) ?? (nom.startsWith('record.') ? propre(valeurs, nom.slice('record.'.length)) : undefined);
}

/** Its own, not what every object has: a field may be named `constructor`. */
function propre<T>(valeurs: Readonly<Record<string, T>>, nom: string): T | undefined {
  return Object.hasOwn(valeurs, nom) ? valeurs[nom] : undefined;
}
