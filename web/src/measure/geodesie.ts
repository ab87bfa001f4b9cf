/**
 * Lengths and areas on the ellipsoid (WGS84), by Karney's geodesic routines:
 * the screen's web mercator would stretch them by a third at French latitudes.
 */
import { Geodesic } from 'geographiclib-geodesic';
import type { GenreMesure, Position } from '../url/state';

export interface ResultatMesure {
  genre: GenreMesure;
  /** Metres: length of the line, or perimeter of the area. */
  longueur_m: number;
  /** m²; null for a distance. */
  aire_m2: number | null;
  /** Metres, each segment of the line in order. */
  segments_m: number[];
}

const ellipsoide = Geodesic.WGS84;

/** Geodesic length between two points, metres. */
export function distance([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  return ellipsoide.Inverse(lat1, lon1, lat2, lon2).s12 ?? 0;
}

/** Measures a line, or the polygon whose corners are `points` (not closed). */
export function mesurer(genre: GenreMesure, points: readonly Position[]): ResultatMesure {
  const segments_m = points.slice(1).map((p, i) => distance(points[i] ?? p, p));
  if (genre === 'distance') {
    return { genre, longueur_m: segments_m.reduce((a, b) => a + b, 0), aire_m2: null, segments_m };
  }
  const polygone = ellipsoide.Polygon(false);
  for (const [lon, lat] of points) polygone.AddPoint(lat, lon);
  const { perimeter, area } = polygone.Compute(false, true);
  return { genre, longueur_m: perimeter, aire_m2: Math.abs(area ?? 0), segments_m };
}
