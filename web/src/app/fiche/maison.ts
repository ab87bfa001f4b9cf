/** Where one goes back once a row is made that has no way of its own: the sheet it belongs to. */
import type { Objet } from '../api/types';
import { ADRESSE_INITIALE, type Adresse } from '../url/adresse';

/** The sheet of the row a new one was begun from, open on its tab; null for a row that has steps: its own sheet goes on. */
export function maisonDe({ module, objet, parent, etapes, champs }: Objet, avec: Readonly<Record<string, string>>): Adresse | null {
  const id = parent ? avec[parent] : undefined;
  const mere = champs.find((c) => c.nom === parent)?.reference ?? null;
  if (id === undefined || etapes !== null || !mere?.module) return null;
  return { ...ADRESSE_INITIALE, module: mere.module, objet: mere.objet, page: id, onglet: `${module}.${objet}` };
}
