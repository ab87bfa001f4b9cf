/** The layer of an object over the cadastre: its tiles, drawn whatever its shapes are. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';

import type { Symbologie } from './symbologie';

export const SOURCE_OBJETS = 'objets';
export const COUCHES_OBJETS = ['objets-points', 'objets-lignes', 'objets-surfaces'] as const;

/** What the tiles' own description says. */
export interface Tuiles {
  tiles?: string[];
  minzoom?: number;
  maxzoom?: number;
  vector_layers?: { id: string }[];
}

const CHOISI = '#0b5a94';
const OUVERT = '#c2410c';
/** Around the rows that are meant: their colour alone could be one of the layer's own. */
const CONTOUR = '#16222e';

/** The open row above the ticked ones, those above the one pointed at, all above the rest. */
const selon = (ouverte: string | number, choisie: string | number, survol: string | number | ExpressionSpecification, autre: string | number | ExpressionSpecification): ExpressionSpecification => [
  'case',
  ['boolean', ['feature-state', 'ouverte'], false],
  ouverte,
  ['boolean', ['feature-state', 'choisie'], false],
  choisie,
  ['boolean', ['feature-state', 'survol'], false],
  survol,
  autre,
];

/** The overlay of a layer; `parametres` are those of the list, so that both show the same rows. */
export function coucheObjets(couche: string, libelle: string, tuiles: Tuiles, parametres: string, origin: string, { couleurs, legende }: Symbologie): StyleSpecification {
  const [adresse = `${origin}/tiles/${encodeURIComponent(couche)}/{z}/{x}/{y}`] = tuiles.tiles ?? [];
  const sourceLayer = tuiles.vector_layers?.[0]?.id ?? couche;
  const couleur = (genre: keyof Symbologie['couleurs']) => selon(OUVERT, CHOISI, couleurs[genre], couleurs[genre]);
  const contour = selon(CONTOUR, CONTOUR, '#ffffff', '#ffffff');
  const commun = { source: SOURCE_OBJETS, 'source-layer': sourceLayer, metadata: { 'finage:groupe': 'objets' } };
  const layers: LayerSpecification[] = [
    {
      ...commun,
      id: 'objets-surfaces',
      type: 'fill',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': couleur('fill'), 'fill-opacity': selon(0.45, 0.4, 0.35, 0.2) },
    },
    {
      ...commun,
      id: 'objets-lignes',
      type: 'line',
      filter: ['!=', ['geometry-type'], 'Point'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': couleur('line'), 'line-width': selon(5, 4, 4, 2.5) },
    },
    {
      ...commun,
      id: 'objets-points',
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-color': couleur('circle'),
        'circle-radius': selon(9, 8, 8, 6),
        'circle-stroke-color': contour,
        'circle-stroke-width': 2,
      },
    },
    // Among many points, the one that is meant is drawn over the others.
    {
      ...commun,
      id: 'objets-accent',
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-color': couleur('circle'),
        'circle-radius': selon(9, 8, 8, 0),
        'circle-stroke-color': contour,
        'circle-stroke-width': selon(2, 2, 2, 0),
      },
    },
  ];
  return {
    version: 8,
    sources: {
      [SOURCE_OBJETS]: {
        type: 'vector',
        tiles: [adresse.replace(/\?.*$/, '') + parametres],
        minzoom: tuiles.minzoom ?? 0,
        maxzoom: tuiles.maxzoom ?? 18,
        promoteId: 'id',
      },
    },
    layers,
    metadata: {
      'finage:groupes': [{ id: 'objets', libelle, theme: 'Module', legende }],
    },
  };
}
