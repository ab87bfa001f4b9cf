/** A series before it is made, over the map: what is good in green, what is not in red and hatched by its outline. */
import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl';
import type { Apercu } from './formes';

const BON = '#1d7a3f';
const MAUVAIS = '#b3261e';

const GENE: ExpressionSpecification = ['any', ['get', 'chevauche'], ['get', 'dehors'], ['get', 'pris']];

/** The overlay of a preview; nothing but its line where there is none. */
export function coucheApercu({ fiches, ligne }: Apercu): StyleSpecification {
  return {
    version: 8,
    sources: {
      apercu: {
        type: 'geojson',
        data: {
          type: 'FeatureCollection',
          features: [
            ...fiches.map(({ geometrie, numero, chevauche, dehors, pris }) => ({ type: 'Feature' as const, geometry: geometrie, properties: { numero, chevauche, dehors, pris } })),
            { type: 'Feature', geometry: ligne, properties: {} },
          ],
        },
      },
    },
    layers: [
      {
        id: 'apercu-surfaces',
        type: 'fill',
        source: 'apercu',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'fill-color': ['case', GENE, MAUVAIS, BON], 'fill-opacity': 0.35 },
      },
      {
        id: 'apercu-contours',
        type: 'line',
        source: 'apercu',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'line-color': ['case', GENE, MAUVAIS, BON], 'line-width': ['case', GENE, 3, 1.5] },
      },
      {
        id: 'apercu-ligne',
        type: 'line',
        source: 'apercu',
        filter: ['==', ['geometry-type'], 'LineString'],
        paint: { 'line-color': '#c2410c', 'line-width': 2, 'line-dasharray': [2, 1] },
      },
      {
        id: 'apercu-numeros',
        type: 'symbol',
        source: 'apercu',
        filter: ['==', ['geometry-type'], 'Polygon'],
        minzoom: 18,
        layout: { 'text-field': ['get', 'numero'], 'text-font': ['Noto Sans Regular'], 'text-size': 11 },
        paint: { 'text-color': '#1b1b1b', 'text-halo-color': '#ffffff', 'text-halo-width': 1.2 },
      },
    ],
    metadata: { 'finage:groupes': [] },
  };
}
