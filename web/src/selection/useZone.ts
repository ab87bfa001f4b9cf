import { useEffect, useRef, useState } from 'react';
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl';
import type { Geometry } from 'geojson';
import type { Forme, Trace, Traceur } from '../draw/traceur';

const ENCRE = '#0b4f8a';
/** Kept by the map when its style changes: see `useMap`. */
const SOURCE_ZONE = 'zone-selection';

interface Demande {
  /** What is being drawn, null when nothing is. */
  forme: Forme | null;
  onFin: (trace: Trace) => void;
  onAnnuler: () => void;
}

export interface OutilZone {
  terminer: () => void;
  annulerPoint: () => void;
}

/** Draws the shape that selects, one after the other while the tool is chosen. */
export function useZone(map: MapLibre | null, { forme, onFin, onAnnuler }: Demande): OutilZone {
  const traceur = useRef<Traceur | null>(null);
  const fin = useRef(onFin);
  useEffect(() => {
    fin.current = onFin;
  });

  useEffect(() => {
    if (!map || forme === null) return;
    let gone = false;
    let made: Traceur | null = null;
    void import('../draw/traceur').then(({ Traceur: Made }) => {
      if (gone) return;
      made = new Made(map, 'zone', ENCRE, {
        onTrace: () => undefined,
        onFin: (trace) => {
          if (gone) return;
          fin.current(trace);
          made?.commencer(forme);
        },
      });
      made.commencer(forme);
      traceur.current = made;
    });
    return () => {
      gone = true;
      made?.fermer();
      traceur.current = null;
    };
  }, [map, forme]);

  useEffect(() => {
    if (!map || forme === null) return;
    const canvas = map.getCanvas();
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onAnnuler();
      else if (event.key === ' ' && event.target === canvas) {
        event.preventDefault();
        traceur.current?.poserAuCentre();
      }
    };
    document.addEventListener('keydown', key);
    return () => {
      document.removeEventListener('keydown', key);
    };
  }, [map, forme, onAnnuler]);

  // Stable: they only reach for what is drawn at the time.
  const [outil] = useState<OutilZone>(() => ({
    terminer: () => traceur.current?.terminer(),
    annulerPoint: () => traceur.current?.annulerPoint(),
  }));
  return outil;
}

/** Shows the shape that was asked, with its buffer, until it is taken away. */
export function useZoneMontree(map: MapLibre | null, zone: Geometry | null): void {
  useEffect(() => {
    if (!map || !zone) return;
    const show = (): void => {
      const source = map.getSource<GeoJSONSource>(SOURCE_ZONE);
      if (source) {
        void source.setData(zone);
        return;
      }
      map.addSource(SOURCE_ZONE, { type: 'geojson', data: zone });
      map.addLayer({
        id: `${SOURCE_ZONE}-contour`,
        type: 'line',
        source: SOURCE_ZONE,
        paint: { 'line-color': ENCRE, 'line-width': 2, 'line-dasharray': [3, 2] },
      });
      map.addLayer({
        id: `${SOURCE_ZONE}-point`,
        type: 'circle',
        source: SOURCE_ZONE,
        filter: ['==', ['geometry-type'], 'Point'],
        paint: { 'circle-color': ENCRE, 'circle-radius': 6, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 2 },
      });
    };
    if (map.getSource('finage')) show();
    map.on('style.load', show);
    return () => {
      map.off('style.load', show);
      for (const layer of [`${SOURCE_ZONE}-contour`, `${SOURCE_ZONE}-point`]) if (map.getLayer(layer)) map.removeLayer(layer);
      if (map.getSource(SOURCE_ZONE)) map.removeSource(SOURCE_ZONE);
    };
  }, [map, zone]);
}
