/** Whether a row may be changed: by the account, and in the state it is in. */
import type { Fiche, Objet } from '../api/types';

/** In some states a row changes by its steps alone. */
export function estVerrouillee({ etapes }: Objet, { champs }: Fiche): boolean {
  const etat = etapes ? champs[etapes.champ] : null;
  return typeof etat === 'string' && (etapes?.verrouilles ?? []).includes(etat);
}

export const peutChanger = (objet: Objet, fiche: Fiche): boolean =>
  objet.actions.includes('changer') && fiche.propre && fiche.archivee_le === null && !estVerrouillee(objet, fiche);
