import { useEffect } from 'react';
import type { Map as MapLibre, MapMouseEvent } from 'maplibre-gl';
import { COUCHES_OBJETS } from './couche';

/** Half the side of the square searched around a click, pixels: a line is thin. */
const VISEE = 5;

/** The row drawn at a point of the screen, null where none is. */
function objetAuPixel(map: MapLibre, { x, y }: { x: number; y: number }): string | null {
  const layers = COUCHES_OBJETS.filter((id) => map.getLayer(id));
  if (layers.length === 0) return null;
  const [found] = map.queryRenderedFeatures([[x - VISEE, y - VISEE], [x + VISEE, y + VISEE]], { layers });
  const id: unknown = found?.properties.id ?? found?.id;
  return typeof id === 'string' ? id : null;
}

interface Gestes {
  /** False while a shape is drawn: its clicks choose nothing. */
  actif: boolean;
  onOuvrir: (id: string, clavier: boolean) => void;
  onBasculer: (id: string) => void;
  onSurvol: (id: string | null) => void;
}

/** Click and Enter open a row, with Ctrl or Shift they tick it; the pointer marks the one it is on. */
export function useGestesObjets(map: MapLibre | null, { actif, onOuvrir, onBasculer, onSurvol }: Gestes): void {
  useEffect(() => {
    if (!map || !actif) return;
    let survol: string | null = null;
    const montrer = (id: string | null): void => {
      if (id === survol) return;
      survol = id;
      onSurvol(id);
      map.getCanvas().classList.toggle('sur-parcelle', id !== null);
    };
    const choisir = (id: string | null, event: MouseEvent | KeyboardEvent): void => {
      if (id === null) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey) onBasculer(id);
      else onOuvrir(id, event instanceof KeyboardEvent);
    };
    const move = (event: MapMouseEvent): void => montrer(objetAuPixel(map, event.point));
    const leave = (): void => montrer(null);
    const click = (event: MapMouseEvent): void => choisir(objetAuPixel(map, event.point), event.originalEvent);
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      const { clientWidth, clientHeight } = map.getContainer();
      choisir(objetAuPixel(map, { x: clientWidth / 2, y: clientHeight / 2 }), event);
    };
    const canvas = map.getCanvas();
    map.on('mousemove', move);
    map.on('mouseout', leave);
    map.on('click', click);
    canvas.addEventListener('keydown', key);
    return () => {
      montrer(null);
      map.off('mousemove', move);
      map.off('mouseout', leave);
      map.off('click', click);
      canvas.removeEventListener('keydown', key);
    };
  }, [map, actif, onOuvrir, onBasculer, onSurvol]);
}
