/** Pages of rows asked of the server for the rows that are drawn. */
import { TAILLE_PAGE } from '../api/requetes';
import type { Fiche, PageFiches } from '../api/types';

/** Numbers of the pages that hold the ranks from `premier` to `dernier` excluded; the first one when there is none. */
export function pagesDe(premier: number, dernier: number): number[] {
  const debut = Math.floor(Math.max(0, premier) / TAILLE_PAGE);
  const fin = Math.max(debut, Math.ceil(dernier / TAILLE_PAGE) - 1);
  return Array.from({ length: fin - debut + 1 }, (_, i) => debut + i);
}

/** Rows at hand, by rank; those still on their way are missing. */
export function rangerPages(pages: readonly (PageFiches | undefined)[]): Map<number, Fiche> {
  const lignes = new Map<number, Fiche>();
  for (const page of pages) {
    if (!page) continue;
    for (const [i, fiche] of page.fiches.entries()) lignes.set(page.rang + i, fiche);
  }
  return lignes;
}

/** Rank of a row among those at hand, null when it is not. */
export function rangDe(lignes: ReadonlyMap<number, Fiche>, id: string | null): number | null {
  if (id === null) return null;
  for (const [rang, fiche] of lignes) if (fiche.id === id) return rang;
  return null;
}
