/** From the address of a list to what the server is asked. */
import type { Demande, Objet } from '../api/types';
import { conjuguer } from '../filtre/ecrire';
import type { Adresse } from '../url/adresse';
import { triDe } from './colonnes';

export function demandeDe(objet: Objet, { liste, filtre, q, tri, etendue, archivees }: Adresse): Demande {
  const choisie = objet.listes.find((l) => l.id === liste);
  return {
    filter: conjuguer(choisie?.filtre ?? null, filtre),
    q: q.trim(),
    sort: triDe(choisie, tri),
    bbox: objet.geometrie ? etendue : null,
    archivees,
    finalite: null,
  };
}
