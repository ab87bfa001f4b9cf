import type { Polygon, LineString } from 'geojson';
import type { Trace } from '../draw/traceur';

/** A drawn shape as GeoJSON, in degrees; areas are closed. */
export function geometrieOf({ forme, points }: Trace): Polygon | LineString {
  if (forme === 'ligne') return { type: 'LineString', coordinates: points };
  const [first] = points;
  return { type: 'Polygon', coordinates: [first ? [...points, first] : []] };
}
