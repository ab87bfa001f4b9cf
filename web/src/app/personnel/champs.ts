/** Which personal fields are open: those of the purpose that was declared. */
import type { ChampSchema, Objet } from '../api/types';

export const estPersonnel = ({ niveau }: ChampSchema): boolean => niveau > 0;

/** Purposes the account may declare here. */
export const permises = ({ finalites }: Objet): Objet['finalites'] => finalites.filter((f) => f.permise);

/**
 * The purpose a new row is written for when nobody declared one: the only one the account may declare. Nothing is looked at
 * that is not being typed.
 */
export function seuleFinalite(objet: Objet): string | null {
  const [seule, ...autres] = permises(objet);
  return seule && autres.length === 0 && objet.champs.some(estPersonnel) ? seule.id : null;
}

/** Whether a field shows its value under a purpose, null when none is declared. */
export const estOuvert = (champ: ChampSchema, finalite: string | null): boolean =>
  !estPersonnel(champ) || (finalite !== null && (champ.finalite === null || champ.finalite === finalite));

/** Whether declaring a purpose could ever open a field to this account. */
export const peutOuvrir = (objet: Objet, champ: ChampSchema): boolean => !estPersonnel(champ) || permises(objet).some((f) => estOuvert(champ, f.id));

/** The object as it is seen under a purpose: without the fields that stay closed. */
export function sousFinalite(objet: Objet, finalite: string | null): Objet {
  return objet.champs.every((c) => estOuvert(c, finalite)) ? objet : { ...objet, champs: objet.champs.filter((c) => estOuvert(c, finalite)) };
}

/** Whether a question reads a personal field: only then is its purpose said, and the look journaled. */
export function litDuPersonnel(objet: Objet, colonnes: readonly string[], tri: readonly string[], filtre: string): boolean {
  const lus = new Set([...colonnes, ...tri.map((n) => n.replace(/^-/, '')), ...(filtre.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? [])]);
  return objet.champs.some((c) => estPersonnel(c) && lus.has(c.nom));
}
