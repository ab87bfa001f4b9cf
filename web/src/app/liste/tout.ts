/** The keys of all the rows that answer, as far as that many can be ticked. */
import type { PageFiches } from '../api/types';

/** Reads pages one after the other until `max` keys or the end; a page that brings nothing ends it too. */
export async function clesDuResultat(lire: (page: number) => Promise<PageFiches>, max: number): Promise<string[]> {
  const ids = new Set<string>();
  for (let page = 0; ids.size < max; page += 1) {
    const { fiches, rang, total } = await lire(page);
    for (const { id } of fiches) if (ids.size < max) ids.add(id);
    if (fiches.length === 0 || rang + fiches.length >= total) break;
  }
  return [...ids];
}
