import { useEffect } from 'react';
import { Marker, type Map as MapLibre } from 'maplibre-gl';
import type { Position } from '../url/state';

/** The pin of a found address. */
export function useRepere(map: MapLibre | null, position: Position | null, libelle: string): void {
  useEffect(() => {
    if (!map || !position) return;
    const marker = new Marker({ color: '#b3123f' }).setLngLat(position).addTo(map);
    const element = marker.getElement();
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', libelle);
    element.removeAttribute('tabindex');
    return () => {
      marker.remove();
    };
  }, [map, position, libelle]);
}
