import { useEffect, useState } from 'react';
import type { Map as MapLibre } from 'maplibre-gl';
import { COUCHE_CLIC } from './selection';
import { ZOOM_PARCELLES } from './useGestes';

/** What the reader can see of the parcels: too far, none here, or some. */
export type ContenuVisible = 'loin' | 'vide' | 'parcelles';

export function useContenuVisible(map: MapLibre | null): ContenuVisible {
  const [contenu, setContenu] = useState<ContenuVisible>('parcelles');

  useEffect(() => {
    if (!map) return;
    const look = (): void => {
      if (map.getZoom() < ZOOM_PARCELLES) setContenu('loin');
      else if (!map.getLayer(COUCHE_CLIC) || !map.isSourceLoaded('finage')) return;
      else setContenu(map.queryRenderedFeatures({ layers: [COUCHE_CLIC] }).length > 0 ? 'parcelles' : 'vide');
    };
    map.on('idle', look);
    map.on('moveend', look);
    return () => {
      map.off('idle', look);
      map.off('moveend', look);
    };
  }, [map]);

  return contenu;
}
