import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { validateStyleMin, type StyleSpecification } from '@maplibre/maplibre-gl-style-spec';
import { describe, expect, it } from 'vitest';
import { avecSurcouche, composeStyle, SOURCE_FOND } from '../src/map/composer';
import { basculerGroupe, groupeOf, groupesVisibles, readGroupes } from '../src/map/symbologie';

const folder = new URL('../../styles/', import.meta.url);
const names = readdirSync(folder).filter((f) => f.endsWith('.json'));
const load = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as StyleSpecification;
const TILE_LAYERS = ['communes', 'sections', 'feuilles', 'lieux_dits', 'parcelles', 'batiments', 'troncons', 'numeros', 'labels'];

it('there are the two styles the server offers', () => {
  expect(names.sort()).toEqual(['cadastre.json', 'discret.json']);
});

describe.each(names)('style %s', (name) => {
  const style = load(name);

  it('follows the MapLibre specification', () => {
    expect(validateStyleMin(style)).toEqual([]);
  });

  it('draws labels with the page’s own fonts: no glyph server', () => {
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
    const css = readFileSync(new URL('../src/map/polices.css', import.meta.url), 'utf8');
    for (const layer of style.layers) {
      if (layer.type !== 'symbol') continue;
      for (const font of (layer.layout?.['text-font'] ?? []) as string[]) expect(css).toContain(`'${font}'`);
    }
  });

  it('reads only layers the tiles hold, and knows parcels by idu', () => {
    const source = style.sources.finage;
    expect(source).toMatchObject({ type: 'vector', url: `/tiles/${TILE_LAYERS.join(',')}`, promoteId: { parcelles: 'idu' } });
    for (const layer of style.layers) {
      if ('source-layer' in layer) expect(TILE_LAYERS).toContain(layer['source-layer']);
    }
  });

  it('has a picture for every symbol it names', () => {
    const icons = JSON.stringify(style.layers.map((l) => ('layout' in l ? l.layout?.['icon-image' as never] : null)));
    const words = [...icons.matchAll(/"([a-z]+(?:-[a-z]+)*)"/g)].map(([, w]) => w).filter((w) => !['match', 'to-string', 'get', 'symbole'].includes(w ?? ''));
    expect(words.length).toBeGreaterThan(10);
    for (const word of words) expect(existsSync(new URL(`symbols/${word ?? ''}.svg`, folder)), word).toBe(true);
  });

  it('explains every group of layers, from layers it has', () => {
    const groupes = readGroupes(style);
    expect(new Set(style.layers.map(groupeOf).filter((g) => g !== null))).toEqual(new Set(groupes.map((g) => g.id)));
    for (const { legende } of groupes) {
      expect(legende.length).toBeGreaterThan(0);
      for (const { couche } of legende) expect(style.layers.some((l) => l.id === couche), couche).toBe(true);
    }
  });

  it('switches a group off and on again', () => {
    expect(groupesVisibles(style, []).has('feuilles')).toBe(false);
    const avec = basculerGroupe(style, [], 'feuilles', true);
    expect(avec).toEqual(['feuilles']);
    expect(groupesVisibles(style, avec).has('feuilles')).toBe(true);
    expect(basculerGroupe(style, avec, 'feuilles', false)).toEqual([]);
    expect(basculerGroupe(style, [], 'numeros', false)).toEqual(['-numeros']);
  });

  it('stays valid with a background, which lies just above the ground', () => {
    const fond = {
      source: { type: 'raster' as const, tiles: ['http://localhost/{z}/{x}/{y}.png'], tileSize: 256 },
      layers: [{ id: 'fond-image', type: 'raster' as const, source: SOURCE_FOND }],
    };
    const composed = composeStyle(style, ['-numeros'], fond, 'http://localhost');
    expect(validateStyleMin(composed)).toEqual([]);
    const ids = composed.layers.map((l) => l.id);
    expect(ids.indexOf('communes-sol')).toBeLessThan(ids.indexOf('fond-image'));
    expect(ids.indexOf('fond-image')).toBeLessThan(ids.indexOf('eau-surface'));
    expect([...ids].sort()).toEqual([...style.layers.map((l) => l.id), 'fond-image'].sort());
    expect(composed.sources.finage).toMatchObject({ url: `http://localhost/tiles/${TILE_LAYERS.join(',')}` });
    const visibility = (id: string): unknown => composed.layers.find((l) => l.id === id)?.layout?.visibility;
    expect(visibility('numeros-voirie')).toBe('none');
    expect(visibility('parcelles-numeros')).toBe('visible');
    expect(composeStyle(style, [], null, '').layers.map((l) => l.id)).toEqual(style.layers.map((l) => l.id));
  });

  it('lets what is written over it have the place of its own names', () => {
    const nom = { id: 'tombes-noms', type: 'symbol' as const, source: 'tombes', 'source-layer': 'tombes', metadata: { 'finage:groupe': 'tombes' }, layout: { 'text-field': 'x' } };
    const tombes = { version: 8 as const, sources: { tombes: { type: 'vector' as const, url: 'http://localhost/t' } }, layers: [nom], metadata: { 'finage:groupes': [{ id: 'tombes', libelle: 'Tombes', theme: 'Essai', legende: [] }] } };
    const toujours = (choix: string[]): unknown => composeStyle(avecSurcouche(style, tombes), choix, null, 'http://localhost').layers.find((l) => l.id === 'parcelles-numeros')?.layout;
    expect(toujours([])).toMatchObject({ 'text-allow-overlap': false });
    expect(toujours(['-tombes'])).not.toMatchObject({ 'text-allow-overlap': false });
  });
});

it('the two styles offer the same groups', () => {
  const [a, b] = names.map((n) => readGroupes(load(n)));
  expect(a).toEqual(b);
});
