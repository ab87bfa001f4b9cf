import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import type { StyleSpecification } from 'maplibre-gl';
import { describe, expect, it } from 'vitest';
import { coucheObjets, COUCHES_OBJETS, legendeObjets, planSous, SOURCE_OBJETS } from '../../src/app/carte/couche';

/** As the server makes it of a code: see the style of a layer of modules. */
const PROPRE: StyleSpecification = {
  version: 8,
  sources: { depots: { type: 'vector', url: 'http://localhost/tiles/depots' } },
  layers: [
    {
      id: 'depots-points',
      type: 'circle',
      source: 'depots',
      'source-layer': 'depots',
      metadata: { 'finage:groupe': 'depots' },
      paint: { 'circle-color': ['match', ['get', 'categorie'], 'cles', '#0072b2', '#5c5650'], 'circle-radius': 5 },
    },
  ],
  metadata: {
    'finage:groupes': [
      {
        id: 'depots',
        libelle: 'Dépôts',
        theme: 'Essai',
        legende: [
          { couche: 'depots-points', libelle: 'Clés', couleur: '#0072b2' },
          { couche: 'depots-points', libelle: 'Autres', couleur: '#5c5650' },
        ],
      },
    ],
  },
};
const tuiles = { tiles: ['http://localhost/tiles/depots/{z}/{x}/{y}'], vector_layers: [{ id: 'depots' }] };
const faire = (style: StyleSpecification | null): StyleSpecification => coucheObjets('depots', 'Dépôts', tuiles, '?q=x', 'http://localhost', style);
const opacite = (style: StyleSpecification, id: string): unknown => {
  const layer = style.layers.find((l) => l.id === id);
  const valeur = ((layer?.paint ?? {}) as Record<string, unknown>)[layer?.type === 'fill' ? 'fill-opacity' : layer?.type === 'line' ? 'line-opacity' : 'circle-opacity'];
  return Array.isArray(valeur) ? valeur.at(-1) : valeur;
};

describe('the layer of an object on the map of its list', () => {
  it('is drawn in its own style, over the rows that the list asks, the marks above', () => {
    const style = faire(PROPRE);
    expect(validateStyleMin(style as never)).toEqual([]);
    expect(style.layers[0]).toMatchObject({ id: 'objets-depots-points', source: SOURCE_OBJETS, 'source-layer': 'depots', metadata: { 'finage:groupe': 'objets' } });
    expect(style.sources[SOURCE_OBJETS]).toMatchObject({ tiles: ['http://localhost/tiles/depots/{z}/{x}/{y}?q=x'] });
    // The pointer finds rows by these, whether they are seen or not.
    for (const id of COUCHES_OBJETS) expect([id, opacite(style, id)]).toEqual([id, 0]);
  });

  it('says what its colours mean, of layers that are there', () => {
    const style = faire(PROPRE);
    const legende = legendeObjets(PROPRE);
    expect(legende.map((e) => [e.libelle, e.couleur])).toEqual([
      ['Clés', '#0072b2'],
      ['Autres', '#5c5650'],
    ]);
    for (const { couche } of legende) expect(style.layers.map((l) => l.id)).toContain(couche);
    expect((style.metadata as Record<string, { legende: unknown }[]>)['finage:groupes']?.[0]?.legende).toEqual(legende);
  });

  it('draws all rows alike where its style could not be had', () => {
    const style = faire(null);
    expect(validateStyleMin(style as never)).toEqual([]);
    expect(legendeObjets(null)).toEqual([]);
    for (const id of COUCHES_OBJETS) expect(opacite(style, id)).toBeGreaterThan(0);
  });

  it('leaves its own names above the marks', () => {
    const nom = { id: 'depots-noms', type: 'symbol' as const, source: 'depots', 'source-layer': 'depots', layout: { 'text-field': 'x' } };
    const ids = faire({ ...PROPRE, layers: [nom, ...PROPRE.layers] }).layers.map((l) => l.id);
    expect(ids[0]).toBe('objets-depots-points');
    expect(ids.at(-1)).toBe('objets-depots-noms');
  });

  it('takes the numbers of parcels from under surfaces that are smaller than they are, and from no others', () => {
    const numeros = { id: 'n', type: 'symbol' as const, source: 'finage', 'source-layer': 'labels', minzoom: 15.5, metadata: { 'finage:groupe': 'parcelles' } };
    const limites = { ...numeros, id: 'l', type: 'line' as const };
    const base: StyleSpecification = { version: 8, sources: { finage: { type: 'vector', url: 'http://localhost/t' } }, layers: [limites, numeros] };
    const surfaces: StyleSpecification = { version: 8, sources: {}, layers: [{ id: 's', type: 'fill', source: 'depots' }] };
    const zooms = (minzoom: number, style: StyleSpecification | null) => planSous(base, { minzoom }, style).layers.map((l) => l.maxzoom);
    expect(zooms(17, surfaces)).toEqual([undefined, 17]);
    expect(zooms(12, surfaces)).toEqual([undefined, undefined]);
    expect(zooms(17, PROPRE)).toEqual([undefined, undefined]);
    expect(zooms(17, null)).toEqual([undefined, undefined]);
  });
});
