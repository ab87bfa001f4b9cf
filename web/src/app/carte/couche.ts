/** The layer of an object over the cadastre: its tiles in its own style, whatever its shapes are, and what is meant over them. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { groupeOf, readGroupes, type EntreeLegende } from '../../map/symbologie';

export const SOURCE_OBJETS = 'objets';
export const COUCHES_OBJETS = ['objets-points', 'objets-lignes', 'objets-surfaces'] as const;

/** What the tiles' own description says. */
export interface Tuiles {
  tiles?: string[];
  minzoom?: number;
  maxzoom?: number;
  vector_layers?: { id: string }[];
}

const TRAIT = '#8a2f6b';
const CHOISI = '#0b5a94';
const OUVERT = '#c2410c';

/** The open row above the ticked ones, those above the one pointed at, all above the rest. */
const selon = (ouverte: string | number, choisie: string | number, survol: string | number, autre: string | number | ExpressionSpecification): ExpressionSpecification => [
  'case',
  ['boolean', ['feature-state', 'ouverte'], false],
  ouverte,
  ['boolean', ['feature-state', 'choisie'], false],
  choisie,
  ['boolean', ['feature-state', 'survol'], false],
  survol,
  autre,
];

/** The rows that are open, ticked or pointed at; the others too where nothing else draws them. */
function marques(sourceLayer: string, seules: boolean): LayerSpecification[] {
  const couleur = selon(OUVERT, CHOISI, TRAIT, TRAIT);
  // What is not to be seen is still under the pointer.
  const reste = (opacite: number): number => (seules ? 0 : opacite);
  const commun = { source: SOURCE_OBJETS, 'source-layer': sourceLayer, metadata: { 'finage:groupe': 'objets' } };
  return [
    {
      ...commun,
      id: 'objets-surfaces',
      type: 'fill',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': couleur, 'fill-opacity': selon(0.45, 0.4, 0.35, reste(0.2)) },
    },
    {
      ...commun,
      id: 'objets-lignes',
      type: 'line',
      filter: ['!=', ['geometry-type'], 'Point'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': couleur, 'line-width': selon(5, 4, 4, 2.5), 'line-opacity': selon(1, 1, 1, reste(1)) },
    },
    {
      ...commun,
      id: 'objets-points',
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-color': couleur,
        'circle-radius': selon(9, 8, 8, 6),
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': 2,
        'circle-opacity': selon(1, 1, 1, reste(1)),
        'circle-stroke-opacity': selon(1, 1, 1, reste(1)),
      },
    },
    // Among many points, the one that is meant is drawn over the others.
    {
      ...commun,
      id: 'objets-accent',
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-color': couleur,
        'circle-radius': selon(9, 8, 8, 0),
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': selon(2, 2, 2, 0),
      },
    },
  ];
}

/** Tiles that begin so near hold what is smaller than a parcel. */
const ZOOM_PETITES = 16;

/** The plan below an object's layer: the numbers of parcels stop where surfaces smaller than they are begin to be drawn over them. */
export function planSous(base: StyleSpecification, { minzoom = 0 }: Tuiles, style: StyleSpecification | null): StyleSpecification {
  if (minzoom < ZOOM_PETITES || !style?.layers.some((l) => l.type === 'fill')) return base;
  const numeros = (l: LayerSpecification): boolean => l.type === 'symbol' && groupeOf(l) === 'parcelles';
  return { ...base, layers: base.layers.map((l) => (numeros(l) ? { ...l, maxzoom: Math.min(l.maxzoom ?? minzoom, minzoom) } : l)) };
}

const nomPropre = (id: string): string => `objets-${id}`;

/** The layers of the object's own style, over the list's rows. */
function propres(style: StyleSpecification, sourceLayer: string): LayerSpecification[] {
  return style.layers.flatMap((layer) =>
    'source' in layer
      ? [{ ...layer, id: nomPropre(layer.id), source: SOURCE_OBJETS, 'source-layer': sourceLayer, metadata: { 'finage:groupe': 'objets' } }]
      : [],
  );
}

/** What the object's own style says of its colours: a code and its colour, else the layer alone. */
export function legendeObjets(style: StyleSpecification | null): EntreeLegende[] {
  const groupes = style ? readGroupes(style) : [];
  return groupes.flatMap((g) => g.legende).map((entree) => ({ ...entree, couche: nomPropre(entree.couche) }));
}

/**
 * The overlay of a layer; `parametres` are those of the list, so that both show the same rows.
 * `style` is the layer's own, as the server makes it from its codes or as its module brings it; null draws all rows alike.
 */
export function coucheObjets(couche: string, libelle: string, tuiles: Tuiles, parametres: string, origin: string, style: StyleSpecification | null): StyleSpecification {
  const [adresse = `${origin}/tiles/${encodeURIComponent(couche)}/{z}/{x}/{y}`] = tuiles.tiles ?? [];
  const sourceLayer = tuiles.vector_layers?.[0]?.id ?? couche;
  const siens = style ? propres(style, sourceLayer) : [];
  const legende = siens.length > 0 ? legendeObjets(style) : [];
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
    // What is meant is drawn over the others, and under their numbers.
    layers: [...siens.filter((l) => l.type !== 'symbol'), ...marques(sourceLayer, siens.length > 0), ...siens.filter((l) => l.type === 'symbol')],
    metadata: {
      'finage:groupes': [{ id: 'objets', libelle, theme: 'Module', legende: legende.length > 0 ? legende : [{ couche: 'objets-points', libelle }] }],
    },
  };
}
