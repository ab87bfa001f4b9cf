import { useEffect, useRef } from 'react';
import { garderBrouillon, oublierBrouillon } from './brouillons';
import type { Saisie } from './valeurs';

/** Keys typed one after the other make one write. */
const ATTENTE_MS = 400;

interface Suivi {
  cle: string;
  saisie: Saisie;
  base: Saisie;
  version: number | null;
  /** False while nothing differs from the row: there is nothing to keep. */
  modifiee: boolean;
}

/** Keeps what is typed a moment after the last key, and at once when the page goes away. */
export function useBrouillon({ cle, saisie, base, version, modifiee }: Suivi): { oublier: () => void } {
  const courant = useRef({ cle, saisie, base, version, modifiee });
  /** Once forgotten, nothing is kept any more: the sheet is saved or given up. */
  const fini = useRef(false);
  useEffect(() => {
    courant.current = { cle, saisie, base, version, modifiee };
  });
  useEffect(() => {
    const garder = (): void => {
      const c = courant.current;
      if (c.modifiee && !fini.current) garderBrouillon(localStorage, c.cle, { saisie: c.saisie, base: c.base, version: c.version, le: Date.now() });
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
      oublierBrouillon(localStorage, cle);
    },
  };
}
