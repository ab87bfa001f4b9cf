import { useEffect, useRef } from 'react';
import type { Map as MapLibre } from 'maplibre-gl';
import { SOURCE_OBJETS } from './couche';

export type EtatObjet = 'ouverte' | 'choisie' | 'survol';

/** Keeps one state of the map on the rows `ids`, also after a style is rebuilt from scratch. */
export function useEtats(map: MapLibre | null, etat: EtatObjet, ids: readonly string[], couche: string): void {
  const avant = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (!map) return;
    const feature = (id: string) => ({ source: SOURCE_OBJETS, sourceLayer: couche, id });
    const voulus = new Set(ids);
    const appliquer = (): void => {
      if (!map.getSource(SOURCE_OBJETS)) return;
      for (const id of avant.current) if (!voulus.has(id)) map.removeFeatureState(feature(id), etat);
      for (const id of voulus) if (!avant.current.has(id)) map.setFeatureState(feature(id), { [etat]: true });
      avant.current = voulus;
    };
    const encore = (): void => {
      avant.current = new Set();
      appliquer();
    };
    appliquer();
    map.on('style.load', encore);
    return () => {
      map.off('style.load', encore);
    };
  }, [map, etat, ids, couche]);
}
