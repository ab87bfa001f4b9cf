/** What a step that was just taken made: said once on the sheet of its row, wherever it was taken from. */
import { useSyncExternalStore } from 'react';
import type { QueryClient } from '@tanstack/react-query';
import { fichiersQuery } from '../api/requetes';
import type { EtapeSchema, Joint, Objet } from '../api/types';

export interface Resultat {
  /** Key of the row. */
  fiche: string;
  /** Label of the step. */
  etape: string;
  /** The document that it laid among the files of the row, null when it makes none. */
  document: Joint | null;
}

let courant: Resultat | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function poser(resultat: Resultat | null): void {
  courant = resultat;
  for (const listener of listeners) listener();
}

/** Says that a row took a step; its document is the file that was laid last. */
export async function annoncer(client: QueryClient, { module, objet }: Objet, fiche: string, etape: EtapeSchema): Promise<void> {
  let document: Joint | null = null;
  if (etape.document) {
    try {
      const joints = await client.query(fichiersQuery(module, objet, fiche));
      document = joints.at(-1) ?? null;
    } catch {
      // The step is taken all the same: its document waits among the files.
    }
  }
  poser({ fiche, etape: etape.libelle, document });
}

export const taire = (): void => poser(null);

/** What the last step of this row made, null when it took none since its sheet is open. */
export function useResultat(fiche: string): Resultat | null {
  const resultat = useSyncExternalStore(subscribe, () => courant);
  return resultat?.fiche === fiche ? resultat : null;
}
