import { useEffect } from 'react';
import type { Map as MapLibre, MapMouseEvent } from 'maplibre-gl';
import type { Position } from '../url/state';
import { marquer, parcelleAuPixel } from './selection';

export type Moyen = 'pointeur' | 'clavier';

/** Below this zoom the tiles hold no parcel. */
export const ZOOM_PARCELLES = 13;

interface Gestes {
  /** False while a measure is drawn: its clicks are not selections. */
  actif: boolean;
  onParcelle: (idu: string, moyen: Moyen) => void;
  /** A place chosen where the tiles show no parcel yet. */
  onPoint: (position: Position, moyen: Moyen) => void;
  onPointeur: (position: Position | null) => void;
}

/** Click and Enter choose a parcel; the pointer marks the one it is on. */
export function useGestes(map: MapLibre | null, { actif, onParcelle, onPoint, onPointeur }: Gestes): void {
  useEffect(() => {
    if (!map) return;
    const move = (event: MapMouseEvent): void => {
      onPointeur([event.lngLat.lng, event.lngLat.lat]);
    };
    const leave = (): void => {
      onPointeur(null);
    };
    map.on('mousemove', move);
    map.on('mouseout', leave);
    return () => {
      map.off('mousemove', move);
      map.off('mouseout', leave);
    };
  }, [map, onPointeur]);

  useEffect(() => {
    if (!map || !actif) return;
    let survol: string | null = null;
    const hover = (idu: string | null): void => {
      if (idu === survol) return;
      marquer(map, 'survol', survol, idu);
      survol = idu;
      map.getCanvas().classList.toggle('sur-parcelle', idu !== null);
    };
    const choose = (point: { x: number; y: number }, moyen: Moyen): void => {
      const idu = parcelleAuPixel(map, point);
      if (idu) onParcelle(idu, moyen);
      else if (map.getZoom() >= ZOOM_PARCELLES) {
        const { lng, lat } = map.unproject([point.x, point.y]);
        onPoint([lng, lat], moyen);
      }
    };
    const move = (event: MapMouseEvent): void => {
      hover(parcelleAuPixel(map, event.point));
    };
    const leave = (): void => {
      hover(null);
    };
    const click = (event: MapMouseEvent): void => {
      choose(event.point, 'pointeur');
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      const { clientWidth, clientHeight } = map.getContainer();
      choose({ x: clientWidth / 2, y: clientHeight / 2 }, 'clavier');
    };
    const canvas = map.getCanvas();
    map.on('mousemove', move);
    map.on('mouseout', leave);
    map.on('click', click);
    canvas.addEventListener('keydown', key);
    return () => {
      hover(null);
      map.off('mousemove', move);
      map.off('mouseout', leave);
      map.off('click', click);
      canvas.removeEventListener('keydown', key);
    };
  }, [map, actif, onParcelle, onPoint]);
}
