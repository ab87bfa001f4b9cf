/** From the address of a list to what the server is asked. */
import type { Demande, Objet } from '../api/types';
import type { Adresse } from '../url/adresse';

/** `finalite` is the purpose this very question is asked for, null when it reads nothing personal. */
export function demandeDe(objet: Objet, finalite: string | null, { liste, filtre, q, tri, etendue, archivees }: Adresse): Demande {
  return {
    // An address may name a list that is no more: all rows then.
    liste: objet.listes.some((l) => l.id === liste) ? liste : null,
    filter: filtre.trim() === '' ? null : filtre,
    q: q.trim(),
    sort: tri ?? [],
    bbox: objet.geometrie ? etendue : null,
    archivees,
    finalite,
  };
}
