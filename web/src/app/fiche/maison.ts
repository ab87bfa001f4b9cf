/** The sheet a row belongs to: the way back to it, and where one goes once a row is made that has no way of its own. */
import type { Fiche, Objet } from '../api/types';
import { ADRESSE_INITIALE, type Adresse } from '../url/adresse';

/** The sheet of the row that this one belongs to, open on the tab where it stands; null where it belongs to none. */
export function mereDe({ module, objet, parent, champs }: Objet, fiche: Fiche | null, avec: Readonly<Record<string, string>>): Adresse | null {
  const id = parent ? (fiche === null ? avec[parent] : fiche.champs[parent]) : undefined;
  const mere = champs.find((c) => c.nom === parent)?.reference;
  if (typeof id !== 'string' || id === '' || !mere?.module) return null;
  return { ...ADRESSE_INITIALE, module: mere.module, objet: mere.objet, page: id, onglet: `${module}.${objet}` };
}

/** Where a new row leads once it is made: to the one it was begun from; null for a row that has steps: its own sheet goes on. */
export const maisonDe = (objet: Objet, avec: Readonly<Record<string, string>>): Adresse | null => (objet.etapes === null ? mereDe(objet, null, avec) : null);
