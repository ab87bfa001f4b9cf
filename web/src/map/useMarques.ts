import { useEffect, useRef } from 'react';
import type { Map as MapLibre } from 'maplibre-gl';
import { marquer, type Marque } from './selection';

/** Keeps one mark of the map on the parcel `idu`, also after a style is rebuilt from scratch. */
export function useMarque(map: MapLibre | null, marque: Marque, idu: string | null): void {
  const avant = useRef<string | null>(null);

  useEffect(() => {
    if (!map) return;
    const apply = (): void => {
      marquer(map, marque, avant.current, idu);
      avant.current = idu;
    };
    if (map.isStyleLoaded() || map.getSource('finage')) apply();
    map.on('style.load', apply);
    return () => {
      map.off('style.load', apply);
    };
  }, [map, marque, idu]);
}
