import { useEffect, useRef } from 'react';
import type { ChampSchema } from '../api/types';
import { estPersonnel } from '../personnel/champs';
import { garderBrouillon, oublierBrouillon } from './brouillons';
import type { Saisie } from './valeurs';

/** Keys typed one after the other make one write. */
const ATTENTE_MS = 400;

/** Personal fields stay out of the browser's store: a shared computer would keep them. */
function gardable(champs: readonly ChampSchema[], saisie: Saisie): Saisie {
  const tus = new Set(champs.filter(estPersonnel).map((c) => c.nom));
  return { ...saisie, champs: Object.fromEntries(Object.entries(saisie.champs).filter(([nom]) => !tus.has(nom))) };
}

interface Suivi {
  /** Null where none is kept. */
  cle: string | null;
  champs: readonly ChampSchema[];
  saisie: Saisie;
  base: Saisie;
  version: number | null;
  /** False while nothing differs from the row: there is nothing to keep. */
  modifiee: boolean;
}

/** Keeps what is typed a moment after the last key, and at once when the page goes away. */
export function useBrouillon({ cle, champs, saisie, base, version, modifiee }: Suivi): { oublier: () => void } {
  const courant = useRef({ cle, champs, saisie, base, version, modifiee });
  /** Once forgotten, nothing is kept any more: the sheet is saved or given up. */
  const fini = useRef(false);
  useEffect(() => {
    courant.current = { cle, champs, saisie, base, version, modifiee };
  });
  useEffect(() => {
    const garder = (): void => {
      const c = courant.current;
      if (c.cle !== null && c.modifiee && !fini.current) garderBrouillon(localStorage, c.cle, { saisie: gardable(c.champs, c.saisie), base: gardable(c.champs, c.base), version: c.version, le: Date.now() });
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
