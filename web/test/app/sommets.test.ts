import { describe, expect, it } from 'vitest';
import type { Geometry, Position } from 'geojson';
import { formesDe, simplifier, versGenre } from '../../src/app/geometrie/edition';
import { avecSuite, defautDe, suitesDe } from '../../src/app/geometrie/sommets';
import { etendueDe } from '../../src/app/carte/etendue';

const carre: Position[] = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]];
const trou: Position[] = [[1, 1], [2, 1], [2, 2], [1, 1]];
const formes: Geometry[] = [
  { type: 'Point', coordinates: [1, 2] },
  { type: 'MultiPoint', coordinates: [[1, 2], [3, 4]] },
  { type: 'LineString', coordinates: [[0, 0], [1, 1]] },
  { type: 'MultiLineString', coordinates: [[[0, 0], [1, 1]], [[2, 2], [3, 3]]] },
  { type: 'Polygon', coordinates: [carre, trou] },
  { type: 'MultiPolygon', coordinates: [[carre, trou], [[[9, 9], [10, 9], [10, 10], [9, 9]]]] },
];

describe('the corners of a shape', () => {
  it.each(formes)('are given back to a $type', (forme) => {
    const suites = suitesDe(forme);
    for (const [rang, { sommets }] of suites.entries()) {
      expect(avecSuite(forme, rang, sommets)).toEqual(forme);
      const change = sommets.map(([x = 0, y = 0]): Position => [x + 0.25, y]);
      const apres = suitesDe(avecSuite(forme, rang, change));
      expect(apres[rang]?.sommets).toEqual(change);
      expect(apres.filter((_, i) => i !== rang)).toEqual(suites.filter((_, i) => i !== rang));
    }
  });

  it('of an area are said once each', () => {
    expect(suitesDe({ type: 'Polygon', coordinates: [carre] })[0]).toEqual({ sommets: carre.slice(0, 4), minimum: 3, ferme: true });
  });
});

describe('a shape that is none', () => {
  const aire = (...sommets: Position[]): Geometry => ({ type: 'Polygon', coordinates: [[...sommets, sommets[0] ?? [0, 0]]] });

  it('crosses itself, folds back, or touches itself', () => {
    expect(defautDe(aire([0, 0], [4, 4], [4, 0], [0, 4]))).toBe('croise');
    expect(defautDe(aire([0, 0], [4, 0], [2, 0], [2, 3]))).toBe('croise');
    expect(defautDe(aire([0, 0], [4, 0], [4, 4], [2, 0], [0, 4]))).toBe('croise');
  });

  it('has too few corners, the same one counted once', () => {
    expect(defautDe(aire([0, 0], [1, 1]))).toBe('trop_peu');
    expect(defautDe(aire([0, 0], [0, 0], [1, 1]))).toBe('trop_peu');
    expect(defautDe({ type: 'LineString', coordinates: [[1, 1], [1, 1]] })).toBe('trop_peu');
  });

  it('is not a sound one', () => {
    for (const forme of formes) expect(defautDe(forme)).toBeNull();
    expect(defautDe(aire([0, 0], [4, 0], [4, 4], [2, 1], [0, 4]))).toBeNull();
    expect(defautDe(aire([0, 0], [2, 0], [4, 0], [4, 4]))).toBeNull();
    expect(defautDe({ type: 'LineString', coordinates: [[0, 0], [4, 4], [4, 0], [0, 4]] })).toBeNull();
  });
});

describe('what a shape is drawn as', () => {
  it('is simple, and stored as the object wants it', () => {
    expect(formesDe('MultiPolygon')).toEqual(['Polygon']);
    expect(formesDe('Geometry')).toEqual(['Point', 'LineString', 'Polygon']);
    const simple: Geometry = { type: 'Polygon', coordinates: [carre] };
    const multiple = versGenre('MultiPolygon', simple);
    expect(multiple).toEqual({ type: 'MultiPolygon', coordinates: [[carre]] });
    expect(simplifier(multiple)).toEqual(simple);
    expect(versGenre('Geometry', simple)).toEqual(simple);
  });

  it('is not when it has several parts or a hole', () => {
    expect(formes.map((f) => simplifier(f)?.type ?? null)).toEqual(['Point', null, 'LineString', null, null, null]);
  });
});

it('the box of a shape holds it with a margin', () => {
  const boite = etendueDe({ type: 'GeometryCollection', geometries: formes });
  expect(boite?.[0]).toBeCloseTo(0, 3);
  expect(boite?.[2]).toBeCloseTo(10, 3);
  expect(etendueDe({ type: 'MultiPoint', coordinates: [] })).toBeNull();
});
