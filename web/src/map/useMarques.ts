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

/** Keeps one mark on many parcels. */
export function useMarques(map: MapLibre | null, marque: Marque, idus: readonly string[]): void {
  const avant = useRef<ReadonlySet<string>>(new Set());

  useEffect(() => {
    if (!map) return;
    const voulues = new Set(idus);
    const apply = (): void => {
      for (const idu of avant.current) if (!voulues.has(idu)) marquer(map, marque, idu, null);
      for (const idu of voulues) if (!avant.current.has(idu)) marquer(map, marque, null, idu);
      avant.current = voulues;
    };
    /** A style rebuilt from scratch has forgotten every mark. */
    const again = (): void => {
      avant.current = new Set();
      apply();
    };
    if (map.isStyleLoaded() || map.getSource('finage')) apply();
    map.on('style.load', again);
    return () => {
      map.off('style.load', again);
    };
  }, [map, marque, idus]);
}
