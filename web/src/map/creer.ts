/** Makes the MapLibre map: worker, fonts, French words, no request outside. */
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { AttributionControl, Map as MapLibre, ScaleControl, setWorkerUrl, type StyleSpecification } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import './polices.css';
import type { Etendue } from '../api/types';
import type { Vue } from '../url/state';
import { fournirImages } from './images';

// MapLibre 6 no longer carries its worker inside: without this a production map stays blank.
setWorkerUrl(workerUrl);

/** Metropolitan France, shown while nothing is imported. */
export const ETENDUE_FRANCE: Etendue = [-5.2, 41.3, 9.6, 51.1];

const POLICES = ['400 16px "Noto Sans Regular"', 'italic 400 16px "Noto Sans Italic"', '700 16px "Noto Sans Bold"'];

/** Labels are drawn once from the faces at hand: they must be there first. */
export const chargerPolices = (): Promise<unknown> => Promise.allSettled(POLICES.map((p) => document.fonts.load(p, 'AÉœ1')));

export interface Textes {
  titre: string;
  attribution: string;
  afficherAttribution: string;
}

export function creerCarte(
  container: HTMLElement,
  style: StyleSpecification,
  depart: { vue: Vue | null; etendue: Etendue },
  textes: Textes,
): MapLibre {
  const map = new MapLibre({
    container,
    style,
    ...(depart.vue
      ? { center: [depart.vue.lon, depart.vue.lat], zoom: depart.vue.zoom }
      : { bounds: depart.etendue, fitBoundsOptions: { padding: container.clientWidth < 500 ? 16 : 48, maxZoom: 16.5 } }),
    minZoom: 4,
    maxZoom: 21.5,
    maxPitch: 0,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150,
    attributionControl: false,
    locale: {
      'Map.Title': textes.titre,
      'AttributionControl.ToggleAttribution': textes.afficherAttribution,
      'AttributionControl.MapFeedback': textes.attribution,
    },
  });
  map.addControl(new AttributionControl({ compact: true }), 'bottom-right');
  map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 110 }), 'bottom-right');
  fournirImages(map);
  return map;
}
