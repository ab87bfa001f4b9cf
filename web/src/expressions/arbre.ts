/** The tree of an expression, read from its CQL2 JSON within the bounds the server keeps. */

import { type Deplacement, type Unite, estUnite, lireDuree, lireInstantLitteral, lireJour } from './dates';
import { lireLitteral } from './decimal';
import { lireModele } from './textes';

const PROFONDEUR_AU_PLUS = 32;
const NOEUDS_AU_PLUS = 1000;
const NOM_AU_PLUS = 128;

/**
 * An expression that is not in the language, passes its bounds, or does not fit the types of its properties.
 * Its words are for who wrote the module, and go to no page.
 */
export class ExpressionRefusee extends Error {
  override readonly name = 'ExpressionRefusee';
}

export type Comparaison = '=' | '<>' | '<' | '<=' | '>' | '>=';
const COMPARAISONS: readonly string[] = ['=', '<>', '<', '<=', '>', '>='] satisfies readonly Comparaison[];
const estComparaison = (op: string): op is Comparaison => COMPARAISONS.includes(op);

export interface Propriete {
  sorte: 'propriete';
  nom: string;
}

/** A single value. */
export type Scalaire =
  | Propriete
  | { sorte: 'texte'; texte: string }
  | { sorte: 'nombre'; decimal: bigint }
  | { sorte: 'booleen'; valeur: boolean }
  | { sorte: 'date'; jour: number }
  | { sorte: 'instant'; micros: bigint }
  | { sorte: 'aujourdhui' }
  | { sorte: 'deplacee'; date: Scalaire; sens: 1 | -1; de: Deplacement | Compte };

/** As many units as a property says. */
export interface Compte {
  unite: Unite;
  compte: Propriete;
}

/** What is true, false or unknown. */
export type Predicat =
  | { sorte: 'et' | 'ou'; parties: readonly Predicat[] }
  | { sorte: 'non'; partie: Predicat }
  | { sorte: 'constante'; valeur: boolean }
  | { sorte: 'comparer'; comparaison: Comparaison; gauche: Scalaire; droite: Scalaire }
  | { sorte: 'entre'; valeur: Scalaire; bas: Scalaire; haut: Scalaire }
  | { sorte: 'parmi'; valeur: Scalaire; liste: readonly Scalaire[] }
  | { sorte: 'dans'; valeur: Scalaire; tableau: Propriete }
  | { sorte: 'modele'; valeur: Scalaire; pieces: NonNullable<ReturnType<typeof lireModele>> }
  | { sorte: 'absente'; valeur: Scalaire };

/** Reads a condition. */
export const lirePredicat = (json: unknown): Predicat => new Lecteur().predicat(json, 1);

/** Reads a value. */
export const lireScalaire = (json: unknown): Scalaire => new Lecteur().scalaire(json, 1);

class Lecteur {
  private noeuds = 0;

  predicat(json: unknown, profondeur: number): Predicat {
    this.entrer(profondeur);
    if (typeof json === 'boolean') return { sorte: 'constante', valeur: json };
    const { op, args } = operation(json);
    const dessous = profondeur + 1;
    const scalaire = (rang: number): Scalaire => this.scalaire(args[rang], dessous);
    if (op === 'and' || op === 'or') {
      if (args.length < 2) throw new ExpressionRefusee(`« ${op} » attend deux conditions ou plus`);
      return { sorte: op === 'and' ? 'et' : 'ou', parties: args.map((partie) => this.predicat(partie, dessous)) };
    }
    if (op === 'not') return { sorte: 'non', partie: this.predicat(seul(op, args), dessous) };
    if (op === 'isNull') return { sorte: 'absente', valeur: this.scalaire(seul(op, args), dessous) };
    if (op === 'between') {
      attendre(op, args, 3);
      return { sorte: 'entre', valeur: scalaire(0), bas: scalaire(1), haut: scalaire(2) };
    }
    attendre(op, args, 2);
    if (op === 'in') return this.parmi(scalaire(0), args[1], dessous);
    if (op === 'like') {
      const valeur = scalaire(0);
      this.entrer(dessous);
      const pieces = typeof args[1] === 'string' ? lireModele(args[1]) : null;
      if (pieces === null) throw new ExpressionRefusee('« like » attend un modèle');
      return { sorte: 'modele', valeur, pieces };
    }
    if (!estComparaison(op)) throw new ExpressionRefusee(`« ${op} » n’est pas admis`);
    return { sorte: 'comparer', comparaison: op, gauche: scalaire(0), droite: scalaire(1) };
  }

  private parmi(valeur: Scalaire, liste: unknown, profondeur: number): Predicat {
    if (Array.isArray(liste) && liste.length > 0) {
      return { sorte: 'parmi', valeur, liste: liste.map((item: unknown) => this.scalaire(item, profondeur)) };
    }
    if (!estObjet(liste)) throw new ExpressionRefusee('« in » attend une liste ou une propriété');
    const tableau = this.scalaire(liste, profondeur);
    if (tableau.sorte !== 'propriete') throw new ExpressionRefusee('« in » attend une liste ou une propriété');
    return { sorte: 'dans', valeur, tableau };
  }

  scalaire(json: unknown, profondeur: number): Scalaire {
    this.entrer(profondeur);
    switch (typeof json) {
      case 'boolean':
        return { sorte: 'booleen', valeur: json };
      case 'string':
        if (json.includes('\0')) throw new ExpressionRefusee('le caractère nul n’est pas admis');
        return { sorte: 'texte', texte: json };
      case 'number':
      case 'bigint':
        return { sorte: 'nombre', decimal: lu('nombre', lireLitteral(json)) };
      default:
        return this.objet(json, profondeur);
    }
  }

  private objet(json: unknown, profondeur: number): Scalaire {
    if (!estObjet(json)) throw new ExpressionRefusee('une propriété ou une valeur est attendue');
    const [[cle, texte] = ['', null], ...reste] = Object.entries(json);
    if (reste.length === 0 && typeof texte === 'string') {
      if (cle === 'property') return { sorte: 'propriete', nom: nom(texte) };
      if (cle === 'date') return { sorte: 'date', jour: lu('date', lireJour(texte)) };
      if (cle === 'timestamp') return { sorte: 'instant', micros: lu('instant', lireInstantLitteral(texte)) };
    }
    const { op, args } = operation(json);
    if (op === 'today' && args.length === 0) return { sorte: 'aujourdhui' };
    if (op !== '+' && op !== '-') throw new ExpressionRefusee(`« ${op} » n’est pas admis`);
    attendre(op, args, 2);
    const date = this.scalaire(args[0], profondeur + 1);
    if (date.sorte !== 'propriete' && date.sorte !== 'date' && date.sorte !== 'aujourdhui') {
      throw new ExpressionRefusee('seule une date se déplace');
    }
    return { sorte: 'deplacee', date, sens: op === '+' ? 1 : -1, de: this.deplacement(args[1], profondeur + 1) };
  }

  private deplacement(json: unknown, profondeur: number): Deplacement | Compte {
    this.entrer(profondeur);
    if (typeof json === 'string') return lu('durée', lireDuree(json));
    const { op, args } = operation(json);
    if (!estUnite(op)) throw new ExpressionRefusee(`« ${op} » ne déplace pas une date`);
    const compte = this.scalaire(seul(op, args), profondeur + 1);
    if (compte.sorte !== 'propriete') throw new ExpressionRefusee(`« ${op} » compte une propriété`);
    return { unite: op, compte };
  }

  private entrer(profondeur: number): void {
    if (profondeur > PROFONDEUR_AU_PLUS) throw new ExpressionRefusee('l’expression est trop imbriquée');
    this.noeuds += 1;
    if (this.noeuds > NOEUDS_AU_PLUS) throw new ExpressionRefusee('l’expression est trop grande');
  }
}

const estObjet = (json: unknown): json is object => typeof json === 'object' && json !== null && !Array.isArray(json);

function operation(json: unknown): { op: string; args: readonly unknown[] } {
  if (estObjet(json) && Object.keys(json).length === 2 && 'op' in json && 'args' in json) {
    const { op, args } = json;
    if (typeof op === 'string' && Array.isArray(args)) return { op, args };
  }
  throw new ExpressionRefusee('une condition est un objet op, args');
}

function attendre(op: string, args: readonly unknown[], nombre: number): void {
  if (args.length !== nombre) throw new ExpressionRefusee(`« ${op} » attend ${nombre} arguments`);
}

function seul(op: string, args: readonly unknown[]): unknown {
  attendre(op, args, 1);
  return args[0];
}

function nom(texte: string): string {
  if (texte === '' || texte.includes('\0') || Array.from(texte).length > NOM_AU_PLUS) {
    throw new ExpressionRefusee('un nom compte de 1 à 128 caractères');
  }
  return texte;
}

function lu<T>(quoi: string, valeur: T | null): T {
  if (valeur === null) throw new ExpressionRefusee(`${quoi} illisible`);
  return valeur;
}
