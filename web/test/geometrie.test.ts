import { describe, expect, it } from 'vitest';
import { MAX_SOMMETS, readForme, readGeojson, readPositions, readWkt } from '../src/selection/geometrie';

const CARRE = [[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]];

describe('typed positions', () => {
  it('are latitude first in degrees, easting first in metres', () => {
    expect(readPositions('46,5 ; 3,25', 'point', 4326)).toMatchObject({ ok: true, geometrie: { type: 'Point', coordinates: [3.25, 46.5] } });
    expect(readPositions('700000.5 6600000', 'point', 2154)).toMatchObject({ ok: true, geometrie: { coordinates: [700_000.5, 6_600_000] } });
  });

  it.each(['46.5,3.25', '46.5, 3.25', '46,5 3,25', '46,5; 3,25', ' 46.5°\t3.25° ', '46,5, 3,25'])('are read as « %s »', (text) => {
    expect(readPositions(text, 'point', 4326)).toMatchObject({ ok: true, geometrie: { coordinates: [3.25, 46.5] } });
  });

  it('make rectangles from two corners and close polygons', () => {
    expect(readPositions('0 0\n2 1', 'rectangle', 2154)).toMatchObject({ ok: true, geometrie: { type: 'Polygon', coordinates: [CARRE] } });
    expect(readPositions('0 0\n2 0\n2 1\n\n0 1', 'polygone', 2154)).toMatchObject({ ok: true, geometrie: { coordinates: [CARRE] } });
    expect(readPositions('0 0\n2 0\n2 1\n0 1\n0 0', 'polygone', 2154)).toMatchObject({ ok: true, geometrie: { coordinates: [CARRE] } });
    expect(readPositions('1 2\n3 4', 'ligne', 2154)).toMatchObject({ ok: true, geometrie: { type: 'LineString' } });
  });

  it('are refused with the line at fault', () => {
    expect(readPositions('1 2\nabc', 'ligne', 2154)).toEqual({ ok: false, defaut: { genre: 'position', ligne: 2, texte: 'abc' } });
    expect(readPositions('100 3', 'point', 4326)).toMatchObject({ defaut: { genre: 'position', ligne: 1 } });
    expect(readPositions('1 2\n3 4', 'polygone', 2154)).toMatchObject({ defaut: { genre: 'trop_peu', nombre: 2 } });
    expect(readPositions('1 2\n3 4\n1 2', 'polygone', 2154)).toMatchObject({ defaut: { genre: 'trop_peu' } });
    expect(readPositions('1 2\n3 4\n5 6', 'rectangle', 2154)).toMatchObject({ defaut: { genre: 'trop_peu', nombre: 3 } });
    expect(readPositions(' \n', 'point', 2154)).toMatchObject({ defaut: { genre: 'vide' } });
    expect(readPositions('1 2\n'.repeat(MAX_SOMMETS + 1), 'ligne', 2154)).toMatchObject({ defaut: { genre: 'trop_de_sommets' } });
  });
});

describe('WKT', () => {
  it.each([
    ['POINT(1 2)', { type: 'Point', coordinates: [1, 2] }],
    ['point z (1 2 3)', { type: 'Point', coordinates: [1, 2] }],
    ['LINESTRING (1 2, 3.5 -4)', { type: 'LineString', coordinates: [[1, 2], [3.5, -4]] }],
    ['POLYGON ((0 0,2 0,2 1,0 1,0 0))', { type: 'Polygon', coordinates: [CARRE] }],
    ['MULTIPOINT (1 2, 3 4)', { type: 'MultiPoint', coordinates: [[1, 2], [3, 4]] }],
    ['MULTIPOINT ((1 2), (3 4))', { type: 'MultiPoint', coordinates: [[1, 2], [3, 4]] }],
    ['MULTIPOLYGON(((0 0,2 0,2 1,0 1,0 0)))', { type: 'MultiPolygon', coordinates: [[CARRE]] }],
  ])('reads %s', (text, geometrie) => {
    expect(readWkt(text)).toEqual({ ok: true, geometrie, srid: null });
  });

  it('takes the system of an EWKT', () => {
    expect(readWkt('SRID=2154;POINT(1 2)')).toMatchObject({ ok: true, srid: 2154 });
  });

  it.each(['CIRCLE(1 2)', 'POINT(1)', 'POINT(a b)', 'POLYGON((0 0,1 1)', 'POINT(1 2', '', 'POLYGON EMPTY', 'POLYGON()', 'POLYGON(("x" 1))'])('refuses « %s »', (text) => {
    expect(readWkt(text).ok).toBe(false);
  });
});

describe('GeoJSON', () => {
  const polygone = { type: 'Polygon', coordinates: [CARRE] };
  it('joins the features of a collection', () => {
    const collection = { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: polygone }, { type: 'Feature', geometry: null }, { type: 'Feature', geometry: polygone }] };
    expect(readForme(JSON.stringify(collection))).toMatchObject({ ok: true, geometrie: { type: 'MultiPolygon', coordinates: [[CARRE], [CARRE]] }, srid: null });
  });

  it('reads the old name of the system', () => {
    expect(readGeojson(JSON.stringify({ ...polygone, crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::2154' } } }))).toMatchObject({ ok: true, srid: 2154 });
  });

  it.each(['{', '{}', '[]', 'null', '{"type":"Point","coordinates":["1",2]}', '{"type":"Polygon","coordinates":[1,2]}', '{"type":"Point"}', '{"type":"FeatureCollection","features":[]}', '{"type":"Point","coordinates":[1e999,2]}'])('refuses %s', (text) => {
    expect(readGeojson(text).ok).toBe(false);
  });

  it('bounds the corners', () => {
    const coordinates = Array.from({ length: MAX_SOMMETS + 1 }, (_, i) => [i, i]);
    expect(readGeojson(JSON.stringify({ type: 'LineString', coordinates }))).toMatchObject({ defaut: { genre: 'trop_de_sommets' } });
  });
});
