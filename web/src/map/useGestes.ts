import { useEffect } from 'react';
import type { Map as MapLibre, MapLibreEvent, MapMouseEvent } from 'maplibre-gl';
import type { Position } from '../url/state';
import { annotationAuPixel, fichesAuPixel, marquer, parcelleAuPixel, type FicheDessinee } from './selection';

export type Moyen = 'pointeur' | 'clavier';

/** Below this zoom parcels are too small to be chosen, and most are drawn as one with their neighbours. */
export const ZOOM_PARCELLES = 13;

/** What choosing a parcel does: opens its sheet, or puts it in the selection or out of it. */
export type But = 'fiche' | 'bascule';

interface Gestes {
  /** False while a shape is drawn: its clicks choose nothing. */
  actif: boolean;
  /** What a plain click does; with Ctrl or Shift it is always the selection. */
  but: But;
  onParcelle: (idu: string, moyen: Moyen, but: But) => void;
  /** An annotation chosen: it lies above parcels. */
  onAnnotation: (id: string, moyen: Moyen) => void;
  /** Layers of modules whose rows a click finds, and those it found beside this parcel. */
  couches: ReadonlySet<string>;
  onFiches: (fiches: readonly FicheDessinee[], idu: string | null) => void;
  /** A place chosen where the tiles show no parcel yet. */
  onPoint: (position: Position, moyen: Moyen, but: But) => void;
  /** The parcel under the pointer. */
  onSurvol: (idu: string | null) => void;
}

const avecTouche = (event: MouseEvent | KeyboardEvent): boolean => event.ctrlKey || event.metaKey || event.shiftKey;

/** Click and Enter choose a parcel; the pointer marks the one it is on. */
export function useGestes(map: MapLibre | null, { actif, but, couches, onParcelle, onAnnotation, onFiches, onPoint, onSurvol }: Gestes): void {

  useEffect(() => {
    if (!map || !actif) return;
    let survol: string | null = null;
    const hover = (idu: string | null): void => {
      if (idu === survol) return;
      marquer(map, 'survol', survol, idu);
      survol = idu;
      onSurvol(idu);
      map.getCanvas().classList.toggle('sur-parcelle', idu !== null);
    };
    const choose = (point: { x: number; y: number }, moyen: Moyen, event: MouseEvent | KeyboardEvent): void => {
      const voulu = avecTouche(event) ? 'bascule' : but;
      const annotation = voulu === 'fiche' ? annotationAuPixel(map, point) : null;
      if (annotation) {
        onAnnotation(annotation, moyen);
        return;
      }
      const idu = parcelleAuPixel(map, point);
      onFiches(voulu === 'fiche' ? fichesAuPixel(map, point, couches) : [], idu);
      if (idu) onParcelle(idu, moyen, voulu);
      else if (map.getZoom() >= ZOOM_PARCELLES) {
        const { lng, lat } = map.unproject([point.x, point.y]);
        onPoint([lng, lat], moyen, voulu);
      }
    };
    const move = (event: MapMouseEvent): void => {
      hover(parcelleAuPixel(map, event.point));
    };
    const leave = (): void => {
      hover(null);
    };
    const click = (event: MapMouseEvent): void => {
      choose(event.point, 'pointeur', event.originalEvent);
    };
    // A click with Shift begins the box zoom, which swallows the click and says only that it gave up.
    const shiftClick = ({ originalEvent }: MapLibreEvent): void => {
      if (!(originalEvent instanceof MouseEvent)) return;
      const box = map.getCanvas().getBoundingClientRect();
      choose({ x: originalEvent.clientX - box.left, y: originalEvent.clientY - box.top }, 'pointeur', originalEvent);
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      const { clientWidth, clientHeight } = map.getContainer();
      choose({ x: clientWidth / 2, y: clientHeight / 2 }, 'clavier', event);
    };
    const canvas = map.getCanvas();
    map.on('mousemove', move);
    map.on('mouseout', leave);
    map.on('click', click);
    map.on('boxzoomcancel', shiftClick);
    canvas.addEventListener('keydown', key);
    return () => {
      hover(null);
      map.off('mousemove', move);
      map.off('mouseout', leave);
      map.off('click', click);
      map.off('boxzoomcancel', shiftClick);
      canvas.removeEventListener('keydown', key);
    };
  }, [map, actif, but, couches, onParcelle, onAnnotation, onFiches, onPoint, onSurvol]);
}
