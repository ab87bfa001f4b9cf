/** Conditions of a form, judged on the record being written. The only file that knows the evaluator of expressions. */
import { ExpressionRefusee } from '../../expressions/arbre';
import { typesDesChamps } from '../../expressions/champs';
import { preparer, type Circonstances } from '../../expressions/evaluer';
import { aujourdHui } from './jours';
import { proposer } from './propositions';
import type { ChampSchema, Expression, Objet, Valeur } from '../api/types';

type Fiche = Readonly<Record<string, Valeur>>;
type Juge = (fiche: Fiche, ou: Circonstances) => boolean | null;

/** What conditions of an object are judged with: read and typed once, then asked at each key. */
export interface Contexte {
  juge: (expression: Expression) => Juge | null;
  ou: Circonstances;
}

const lus = new WeakMap<Objet, Map<Expression, Juge | null>>();

/** Conditions of an object today. One that this browser does not read is left to the server. */
export function contexteDe(objet: Objet, jour = aujourdHui()): Contexte {
  const juges = lus.get(objet) ?? new Map<Expression, Juge | null>();
  lus.set(objet, juges);
  const lire = (expression: Expression): Juge | null => {
    try {
      return preparer(expression, typesDesChamps(objet.champs));
    } catch (cause) {
      if (cause instanceof ExpressionRefusee) return null;
      throw cause;
    }
  };
  return {
    ou: { aujourdhui: jour },
    juge: (expression) => {
      const connu = juges.get(expression);
      if (connu !== undefined) return connu;
      const lu = lire(expression);
      juges.set(expression, lu);
      return lu;
    },
  };
}

/** Shown when its condition is true: unknown hides it, as the server reads it. */
export function estVisible({ visible }: ChampSchema, fiche: Fiche, { juge, ou }: Contexte): boolean {
  const condition = visible === null ? null : juge(visible);
  return condition === null || condition(fiche, ou) === true;
}

/** A field the server fills by itself is asked of nobody; but one whose value is proposed in the form is not to be emptied there. */
export function estRequis(champ: ChampSchema, fiche: Fiche, { juge, ou }: Contexte): boolean {
  const { obligatoire, par_defaut = false, requis_si } = champ;
  const condition = requis_si === null ? null : juge(requis_si);
  return (obligatoire && (!par_defaut || proposer(champ, ou.aujourdhui) !== null)) || (condition !== null && condition(fiche, ou) === true);
}
