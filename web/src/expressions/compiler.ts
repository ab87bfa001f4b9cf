/** Gives each part of a tree its type, and makes of it a function of a record; three-valued, as SQL. */

import { type Compte, type Comparaison, ExpressionRefusee, type Predicat, type Propriete, type Scalaire } from './arbre';
import { type Deplacement, compter, deplacer } from './dates';
import { entierDe } from './decimal';
import { suitLeModele } from './textes';
import { type Donnee, type Type, comparer, lireIdentifiant } from './valeurs';

/** What a property, of that type, and today are worth. */
export interface Donnees {
  propriete: (nom: string, type: Type) => Donnee | null;
  aujourdhui: number | null;
}

/** Null is unknown. */
export type Reponse = (donnees: Donnees) => boolean | null;

/** A value and its type. */
export interface Terme {
  type: Type;
  donnee: (donnees: Donnees) => Donnee | null;
  /** The text it is, when it is a literal that may stand for an identifier. */
  texte?: string;
}

/** The type of a property; undefined when it does not exist, or may not be used. */
export type TypeDe = (nom: string) => Type | undefined;

export function compilerPredicat(predicat: Predicat, typeDe: TypeDe): Reponse {
  const terme = (scalaire: Scalaire): Terme => compilerScalaire(scalaire, typeDe);
  switch (predicat.sorte) {
    case 'et': {
      const parties = predicat.parties.map((partie) => compilerPredicat(partie, typeDe));
      return (donnees) => non(auMoinsUne(parties, (partie) => non(partie(donnees))));
    }
    case 'ou': {
      const parties = predicat.parties.map((partie) => compilerPredicat(partie, typeDe));
      return (donnees) => auMoinsUne(parties, (partie) => partie(donnees));
    }
    case 'non': {
      const partie = compilerPredicat(predicat.partie, typeDe);
      return (donnees) => non(partie(donnees));
    }
    case 'constante':
      return () => predicat.valeur;
    case 'comparer':
      return comparaison(predicat.comparaison, terme(predicat.gauche), terme(predicat.droite));
    case 'entre': {
      const termes = semblables('between', [predicat.valeur, predicat.bas, predicat.haut].map(terme));
      ordonnes('between', termes);
      const [valeur, bas, haut] = termes as [Terme, Terme, Terme];
      const bornes = [rapport('>=', valeur, bas), rapport('<=', valeur, haut)];
      return (donnees) => non(auMoinsUne(bornes, (borne) => non(borne(donnees))));
    }
    case 'parmi': {
      const [valeur, ...liste] = semblables('in', [predicat.valeur, ...predicat.liste].map(terme)) as [Terme, ...Terme[]];
      const egalites = liste.map((item) => rapport('=', valeur, item));
      return (donnees) => auMoinsUne(egalites, (egalite) => egalite(donnees));
    }
    case 'dans':
      return dans(terme(predicat.valeur), terme(predicat.tableau));
    case 'modele': {
      const valeur = attendu('like', terme(predicat.valeur), 'texte');
      return (donnees) => {
        const donnee = valeur.donnee(donnees);
        return typeof donnee === 'string' ? suitLeModele(donnee, predicat.pieces) : null;
      };
    }
    case 'absente': {
      const valeur = terme(predicat.valeur);
      return (donnees) => valeur.donnee(donnees) === null;
    }
  }
}

export function compilerScalaire(scalaire: Scalaire, typeDe: TypeDe): Terme {
  switch (scalaire.sorte) {
    case 'propriete':
      return propriete(scalaire, typeDe);
    case 'texte':
      return { type: 'texte', donnee: () => scalaire.texte, texte: scalaire.texte };
    case 'nombre':
      return { type: entierDe(scalaire.decimal) === null ? 'decimal' : 'entier', donnee: () => scalaire.decimal };
    case 'booleen':
      return { type: 'booleen', donnee: () => scalaire.valeur };
    case 'date':
      return { type: 'date', donnee: () => scalaire.jour };
    case 'instant':
      return { type: 'instant', donnee: () => scalaire.micros };
    case 'aujourdhui':
      return { type: 'date', donnee: (donnees) => donnees.aujourdhui };
    case 'deplacee': {
      const date = attendu('+', compilerScalaire(scalaire.date, typeDe), 'date');
      const deplacement = compilerDeplacement(scalaire.de, typeDe);
      return {
        type: 'date',
        donnee: (donnees) => {
          const [jour, de] = [date.donnee(donnees), deplacement(donnees)];
          return typeof jour === 'number' && de !== null ? deplacer(jour, scalaire.sens, de) : null;
        },
      };
    }
  }
}

function propriete({ nom }: Propriete, typeDe: TypeDe): Terme {
  const type = typeDe(nom);
  if (type === undefined) throw new ExpressionRefusee(`la propriété « ${nom} » n’existe pas ou n’est pas utilisable ici`);
  return { type, donnee: (donnees) => donnees.propriete(nom, type) };
}

function compilerDeplacement(de: Deplacement | Compte, typeDe: TypeDe): (donnees: Donnees) => Deplacement | null {
  if (!('unite' in de)) return () => de;
  const compte = attendu(de.unite, propriete(de.compte, typeDe), 'entier');
  return (donnees) => {
    const donnee = compte.donnee(donnees);
    const entier = typeof donnee === 'bigint' ? entierDe(donnee) : null;
    return entier === null ? null : compter(de.unite, entier);
  };
}

function comparaison(op: Comparaison, gauche: Terme, droite: Terme): Reponse {
  const termes = semblables(op, [gauche, droite]) as [Terme, Terme];
  if (op !== '=' && op !== '<>') ordonnes(op, termes);
  return rapport(op, ...termes);
}

/** Compares two terms whose types were checked. */
function rapport(op: Comparaison, gauche: Terme, droite: Terme): Reponse {
  return (donnees) => {
    const ordre = comparer(gauche.donnee(donnees), droite.donnee(donnees));
    return ordre === null ? null : TIENT[op](ordre);
  };
}

const TIENT: Readonly<Record<Comparaison, (ordre: number) => boolean>> = {
  '=': (ordre) => ordre === 0,
  '<>': (ordre) => ordre !== 0,
  '<': (ordre) => ordre < 0,
  '<=': (ordre) => ordre <= 0,
  '>': (ordre) => ordre > 0,
  '>=': (ordre) => ordre >= 0,
};

function dans(valeur: Terme, tableau: Terme): Reponse {
  if (!estTableau(tableau.type)) throw new ExpressionRefusee('« in » attend une liste ou un tableau');
  const item = tableau.type === 'textes' ? attendu('in', valeur, 'texte') : attendu('in', identifiant(valeur), 'identifiant');
  return (donnees) => {
    const [cherche, items] = [item.donnee(donnees), tableau.donnee(donnees)];
    if (!Array.isArray(items)) return null;
    return auMoinsUne(items, (element: string) => (cherche === null ? null : cherche === element));
  };
}

/** Refuses values that cannot be told equal or not: they are of one type, or numbers. A text beside an identifier is read as one. */
function semblables(op: string, termes: readonly Terme[]): readonly Terme[] {
  const lus = termes.some((terme) => terme.type === 'identifiant') ? termes.map(identifiant) : termes;
  const premiere = lus[0]?.type ?? 'texte';
  for (const { type } of lus) {
    if (estTableau(type)) throw new ExpressionRefusee('un tableau ne s’emploie qu’à droite de « in »');
    if (famille(type) !== famille(premiere)) throw new ExpressionRefusee(`« ${op} » ne s’applique pas entre ${premiere} et ${type}`);
  }
  return lus;
}

const famille = (type: Type): Type => (type === 'entier' ? 'decimal' : type);

const estTableau = (type: Type): boolean => type === 'textes' || type === 'identifiants';

function identifiant(terme: Terme): Terme {
  if (terme.texte === undefined) return terme;
  const lu = lireIdentifiant(terme.texte);
  if (lu === null) throw new ExpressionRefusee(`« ${terme.texte} » n’est pas un identifiant`);
  return { type: 'identifiant', donnee: () => lu };
}

function ordonnes(op: string, termes: readonly Terme[]): void {
  if (termes.some(({ type }) => type === 'booleen' || type === 'identifiant')) {
    throw new ExpressionRefusee(`« ${op} » attend des valeurs qui ont un ordre`);
  }
}

function attendu(op: string, terme: Terme, type: Type): Terme {
  if (terme.type !== type) throw new ExpressionRefusee(`« ${op} » ne s’applique pas à ${terme.type}`);
  return terme;
}

const non = (reponse: boolean | null): boolean | null => (reponse === null ? null : !reponse);

/** True as soon as one is true; unknown when one is and none is true. */
function auMoinsUne<T>(parties: readonly T[], reponse: (partie: T) => boolean | null): boolean | null {
  let jusquIci: boolean | null = false;
  for (const partie of parties) {
    const une = reponse(partie);
    if (une === true) return true;
    if (une === null) jusquIci = null;
  }
  return jusquIci;
}
