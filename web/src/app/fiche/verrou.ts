/** Whether a row may be changed: by the account, and in the state it is in. */
import type { Fiche, Objet } from '../api/types';

/** In some states a row changes by its steps and amendments alone. */
export function estVerrouillee({ etapes }: Objet, { champs }: Fiche): boolean {
  const etat = etapes ? champs[etapes.champ] : null;
  return typeof etat === 'string' && (etapes?.verrouilles ?? []).includes(etat);
}

export const peutEcrire = ({ actions }: Objet, { propre, archivee_le }: Fiche): boolean => actions.includes('changer') && propre && archivee_le === null;

export const peutChanger = (objet: Objet, fiche: Fiche): boolean => peutEcrire(objet, fiche) && !estVerrouillee(objet, fiche);

/** A locked row is amended: changed for a reason. */
export const peutAmender = (objet: Objet, fiche: Fiche): boolean => peutEcrire(objet, fiche) && estVerrouillee(objet, fiche);
