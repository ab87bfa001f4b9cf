/** States of a row and the steps between them, by the names people know. */
import type { Objet, PasHistorique } from '../api/types';

/** The label of a state, its code when none is told. */
export function nomEtat({ etapes, champs }: Pick<Objet, 'etapes' | 'champs'>, etat: string): string {
  const code = champs.find((c) => c.nom === etapes?.champ)?.codes?.find((c) => c.code === etat);
  return etapes?.etats?.find((e) => e.id === etat)?.libelle ?? code?.libelle ?? etat;
}

export interface EtapeFranchie {
  /** Names of the steps that lead there: several may. */
  etapes: string[];
  de: string | null;
  vers: string;
  /** Whether one of them makes a document. */
  document: boolean;
}

/** The step that a change of the history was; null when the state stayed. */
export function etapeFranchie(objet: Pick<Objet, 'etapes' | 'champs'>, { operation, avant, apres }: PasHistorique): EtapeFranchie | null {
  const { etapes: schema } = objet;
  if (schema === null || operation === 'creation') return null;
  const [de, vers] = [avant[schema.champ], apres[schema.champ]];
  if (typeof vers !== 'string' || de === vers) return null;
  const possibles = schema.etapes.filter((e) => e.vers === vers && typeof de === 'string' && e.de.includes(de));
  return {
    etapes: possibles.map((e) => e.libelle),
    de: typeof de === 'string' ? nomEtat(objet, de) : null,
    vers: nomEtat(objet, vers),
    document: possibles.some((e) => Boolean(e.document)),
  };
}

/** A document of a step is laid in the same moment: seconds between both. */
const ENSEMBLE_S = 5;

/** Whether a file was laid with a change. */
export const jointAvec = (joint: string, pas: string): boolean => Math.abs(Date.parse(joint) - Date.parse(pas)) <= ENSEMBLE_S * 1000;
