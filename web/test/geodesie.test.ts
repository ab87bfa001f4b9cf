import { describe, expect, it } from 'vitest';
import { distance, mesurer } from '../src/measure/geodesie';
import type { Position } from '../src/url/state';

describe('measures on the ellipsoid', () => {
  it('agree with the published line from Wellington to Salamanca', () => {
    expect(distance([174.81, -41.32], [-5.5, 40.96])).toBeCloseTo(19_959_679.267, 2);
  });

  it('give a meridian degree at 45° its length (WGS84)', () => {
    expect(distance([2, 44.5], [2, 45.5])).toBeCloseTo(111_131.8, 0);
  });

  it('add up along a line', () => {
    const points: Position[] = [[2, 45], [2.001, 45], [2.001, 45.001]];
    const { longueur_m, segments_m, aire_m2 } = mesurer('distance', points);
    expect(segments_m).toHaveLength(2);
    expect(segments_m.reduce((a, b) => a + b, 0)).toBeCloseTo(longueur_m, 9);
    expect(aire_m2).toBeNull();
  });

  it('give one area whichever way the corners turn', () => {
    const points: Position[] = [[2, 45], [2.01, 45], [2.01, 45.01], [2, 45.01]];
    const { aire_m2 } = mesurer('surface', points);
    expect(mesurer('surface', points.toReversed()).aire_m2).toBeCloseTo(aire_m2 ?? 0, 6);
    // 0.01° of a meridian times 0.01° of a parallel, at the middle latitude.
    expect(aire_m2).toBeCloseTo(1111.32 * 788.39, -3);
  });
});
