import type { LineString, Point, Polygon } from 'geojson';
import type { Trace } from '../draw/traceur';

/** A drawn shape as GeoJSON, in degrees; areas are closed. */
export function geometrieOf({ forme, points }: Trace): Point | Polygon | LineString {
  if (forme === 'point') return { type: 'Point', coordinates: points[0] ?? [] };
  if (forme === 'ligne') return { type: 'LineString', coordinates: points };
  const [first] = points;
  return { type: 'Polygon', coordinates: [first ? [...points, first] : []] };
}
