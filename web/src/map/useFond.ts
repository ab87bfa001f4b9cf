import { useEffect, useState } from 'react';
import type { ErrorEvent, Map as MapLibre } from 'maplibre-gl';
import type { Fond } from '../api/types';
import { SOURCE_FOND, type FondDessine } from './composer';
import { dessinerFond } from './fonds';

export interface FondCourant {
  dessin: FondDessine | null;
  /** Identifier of the background that does not answer. */
  enPanne: string | null;
  signalerPanne: (id: string) => void;
}

/** The chosen background, ready to draw; one that fails is named once and the plan stays. */
export function useFond(fond: Fond | null, opacite: number): FondCourant {
  const [pret, setPret] = useState<{ id: string; opacite: number; dessin: FondDessine } | null>(null);
  const [enPanne, setEnPanne] = useState<string | null>(null);

  useEffect(() => {
    if (!fond) return;
    let stale = false;
    dessinerFond(fond, opacite).then(
      (dessin) => {
        if (!stale) setPret({ id: fond.id, opacite, dessin });
      },
      () => {
        if (!stale) setEnPanne(fond.id);
      },
    );
    return () => {
      stale = true;
    };
  }, [fond, opacite]);

  return {
    dessin: pret !== null && pret.id === fond?.id ? pret.dessin : null,
    enPanne: enPanne === fond?.id ? enPanne : null,
    signalerPanne: setEnPanne,
  };
}

/** Tells when the background's tiles do not come. */
export function usePanneFond(map: MapLibre | null, id: string | null, signaler: (id: string) => void): void {
  useEffect(() => {
    if (!map || !id) return;
    const listen = (event: ErrorEvent & { sourceId?: string }): void => {
      if (event.sourceId === SOURCE_FOND) signaler(id);
    };
    map.on('error', listen);
    return () => {
      map.off('error', listen);
    };
  }, [map, id, signaler]);
}
