/** A shape being drawn or changed: what the form and the map share. */
import type { Geometry } from 'geojson';
import type { GenreGeometrie } from '../api/types';

export interface Edition {
  genre: GenreGeometrie;
  geometrie: Geometry | null;
  onChange: (geometrie: Geometry | null) => void;
}

/** Shapes that can be drawn for a kind of geometry. */
export type FormeDessinee = 'Point' | 'LineString' | 'Polygon';

export function formesDe(genre: GenreGeometrie): readonly FormeDessinee[] {
  if (genre === 'Geometry') return ['Point', 'LineString', 'Polygon'];
  return [genre.replace('Multi', '') as FormeDessinee];
}

/** A drawn shape as the object stores it: several parts where it takes several. */
export function versGenre(genre: GenreGeometrie, geometrie: Geometry): Geometry {
  if (genre === 'MultiPoint' && geometrie.type === 'Point') return { type: 'MultiPoint', coordinates: [geometrie.coordinates] };
  if (genre === 'MultiLineString' && geometrie.type === 'LineString') return { type: 'MultiLineString', coordinates: [geometrie.coordinates] };
  if (genre === 'MultiPolygon' && geometrie.type === 'Polygon') return { type: 'MultiPolygon', coordinates: [geometrie.coordinates] };
  return geometrie;
}

/** The one part of a shape of several, so that it is drawn as a simple one; null when there are more, or holes. */
export function simplifier(geometrie: Geometry): Geometry | null {
  switch (geometrie.type) {
    case 'Point':
    case 'LineString':
      return geometrie;
    case 'Polygon':
      return geometrie.coordinates.length === 1 ? geometrie : null;
    case 'MultiPoint': {
      const [seul, ...reste] = geometrie.coordinates;
      return seul && reste.length === 0 ? { type: 'Point', coordinates: seul } : null;
    }
    case 'MultiLineString': {
      const [seul, ...reste] = geometrie.coordinates;
      return seul && reste.length === 0 ? { type: 'LineString', coordinates: seul } : null;
    }
    case 'MultiPolygon': {
      const [seul, ...reste] = geometrie.coordinates;
      return seul?.length === 1 && reste.length === 0 ? { type: 'Polygon', coordinates: seul } : null;
    }
    default:
      return null;
  }
}
