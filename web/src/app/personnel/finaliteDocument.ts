/** Documents that show personal data: which purpose is said for them, and whether the account may say it. */
import type { DocumentSchema, Objet } from '../api/types';

export interface Finalite {
  id: string;
  libelle: string;
  /** Whether the account may declare it. */
  permise: boolean;
}

/** A document of an object by its name, null when there is none. */
export const documentDe = ({ documents }: Objet, id: string | null | undefined): DocumentSchema | null => documents.find((d) => d.id === id) ?? null;

/** The purpose a document is made for; null when it shows nothing personal. */
export function finaliteDe({ finalites }: Objet, { finalite }: Pick<DocumentSchema, 'finalite'>): Finalite | null {
  // The schema may leave it out.
  if (!finalite) return null;
  return finalites.find((f) => f.id === finalite) ?? { id: finalite, libelle: finalite, permise: false };
}
