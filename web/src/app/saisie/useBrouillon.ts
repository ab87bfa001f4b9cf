import { useEffect, useRef } from 'react';
import type { ChampSchema } from '../api/types';
import { garderBrouillon, oublierBrouillon } from './brouillons';
import { gardable, nonGardes } from './remise';
import type { Saisie } from './valeurs';

/** Keys typed one after the other make one write. */
const ATTENTE_MS = 400;

interface Suivi {
  /** Null where none is kept. */
  cle: string | null;
  champs: readonly ChampSchema[];
  saisie: Saisie;
  /** What it was typed over, and the version of its row. */
  base: Saisie;
  version: number | null;
  /** Labels of personal fields that an earlier draft did not keep, and that are still to be written. */
  tus: readonly string[];
  /** False while nothing differs from the row: there is nothing to keep. */
  modifiee: boolean;
}

/** Keeps what is typed a moment after the last key, and at once when the page goes away. */
export function useBrouillon({ cle, champs, saisie, base, version, tus, modifiee }: Suivi): { oublier: () => void } {
  const courant = useRef({ cle, champs, saisie, base, version, tus, modifiee });
  /** Once forgotten, nothing is kept any more: the sheet is saved or given up. */
  const fini = useRef(false);
  useEffect(() => {
    courant.current = { cle, champs, saisie, base, version, tus, modifiee };
  });
  useEffect(() => {
    const garder = (): void => {
      const c = courant.current;
      if (c.cle === null || !c.modifiee || fini.current) return;
      const ecrits = nonGardes(c.champs, c.base, c.saisie).map((f) => f.libelle);
      garderBrouillon(localStorage, c.cle, {
        saisie: gardable(c.champs, c.saisie),
        base: gardable(c.champs, c.base),
        version: c.version,
        le: Date.now(),
        tus: [...new Set([...ecrits, ...c.tus])],
      });
    };
    const timer = setTimeout(garder, ATTENTE_MS);
    window.addEventListener('pagehide', garder);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', garder);
    };
  }, [saisie]);
  return {
    oublier: () => {
      fini.current = true;
      if (cle !== null) oublierBrouillon(localStorage, cle);
    },
  };
}
