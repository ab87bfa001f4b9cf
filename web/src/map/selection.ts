/** Which parcels the map marks, by feature state (the tiles promote `idu` to the feature's id). */
import type { Map as MapLibre } from 'maplibre-gl';
import { SOURCE_PLAN } from './composer';

/** `selection`: the sheet's parcel. `choisie`: of the selection of several. `voisine`: the neighbour pointed at in its list. `survol`: under the pointer. */
export type Marque = 'selection' | 'choisie' | 'voisine' | 'survol';

const feature = (idu: string) => ({ source: SOURCE_PLAN, sourceLayer: 'parcelles', id: idu });

/** Moves a mark from one parcel to another; null is none. */
export function marquer(map: MapLibre, marque: Marque, avant: string | null, apres: string | null): void {
  if (!map.getSource(SOURCE_PLAN)) return;
  if (avant && avant !== apres) map.removeFeatureState(feature(avant), marque);
  if (apres) map.setFeatureState(feature(apres), { [marque]: true });
}

/** Layers a click asks, first the one that covers the parcel. */
export const COUCHE_CLIC = 'parcelles-surface';

/** The parcel drawn at a point of the screen, null where none is. */
export function parcelleAuPixel(map: MapLibre, point: { x: number; y: number }): string | null {
  if (!map.getLayer(COUCHE_CLIC)) return null;
  const [found] = map.queryRenderedFeatures([point.x, point.y], { layers: [COUCHE_CLIC] });
  const idu: unknown = found?.properties.idu ?? found?.id;
  return typeof idu === 'string' ? idu : null;
}

/** Source of the annotations, and its layers, points first: see styles/surcouches. */
export const SOURCE_ANNOTATIONS = 'annotations';
const COUCHES_ANNOTATIONS = ['annotations-points', 'annotations-lignes', 'annotations-surfaces'];
/** Half the side of the square searched around a click, pixels: a line is thin. */
const VISEE = 5;

/** The annotation drawn at a point of the screen, null where none is. */
export function annotationAuPixel(map: MapLibre, { x, y }: { x: number; y: number }): string | null {
  const layers = COUCHES_ANNOTATIONS.filter((id) => map.getLayer(id));
  if (layers.length === 0) return null;
  const [found] = map.queryRenderedFeatures([[x - VISEE, y - VISEE], [x + VISEE, y + VISEE]], { layers });
  const id: unknown = found?.properties.id;
  return typeof id === 'string' ? id : null;
}

/** A row of a module's layer, by the layer and its key. */
export interface FicheDessinee {
  couche: string;
  id: string;
}

/** Rows named at once: more of them at one point are opened from their list. */
const MAX_FICHES = 5;

/** The rows of these layers of modules drawn at a point of the screen. */
export function fichesAuPixel(map: MapLibre, { x, y }: { x: number; y: number }, couches: ReadonlySet<string>): FicheDessinee[] {
  if (couches.size === 0) return [];
  const layers = map.getStyle().layers.flatMap((l) => ('source' in l && couches.has(l.source) ? [l.id] : []));
  if (layers.length === 0) return [];
  const trouvees = map.queryRenderedFeatures([[x - VISEE, y - VISEE], [x + VISEE, y + VISEE]], { layers });
  const lues = trouvees.flatMap(({ source, properties, id: cle }): [string, FicheDessinee][] => {
    const id: unknown = properties.id ?? cle;
    return typeof id === 'string' ? [[id, { couche: source, id }]] : [];
  });
  return [...new Map(lues).values()].slice(0, MAX_FICHES);
}
