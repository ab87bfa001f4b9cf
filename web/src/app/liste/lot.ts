/** One act on many rows, one after the other: each under its own version and rights. */
import { lireRefus } from '../api/refus';
import type { Fiche } from '../api/types';

export interface Bilan {
  faites: number;
  /** Rows that were refused, each with the server's sentence. */
  refus: { id: string; titre: string; detail: string }[];
}

/** Requests at once: enough to keep the server busy, few enough for its quotas. */
const ENSEMBLE = 3;

/** Runs `acte` on the rows in order; `avancer` is told how many are over. Stops early when `arret` says so. */
export async function executerLot(
  ids: readonly string[],
  lire: (id: string) => Promise<Fiche>,
  acte: (fiche: Fiche) => Promise<unknown>,
  avancer: (finies: number) => void,
  arret: () => boolean,
): Promise<Bilan> {
  const bilan: Bilan = { faites: 0, refus: [] };
  let suivant = 0;
  let finies = 0;
  const traiter = async (): Promise<void> => {
    while (suivant < ids.length && !arret()) {
      const id = ids[suivant] ?? '';
      suivant += 1;
      let titre = id;
      try {
        const fiche = await lire(id);
        titre = fiche.titre;
        await acte(fiche);
        bilan.faites += 1;
      } catch (cause) {
        bilan.refus.push({ id, titre, detail: lireRefus(cause).detail });
      }
      finies += 1;
      avancer(finies);
    }
  };
  await Promise.all(Array.from({ length: ENSEMBLE }, traiter));
  return bilan;
}
