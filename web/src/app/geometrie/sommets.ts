/** The corners of a shape as lists, to be read and typed one by one. */
import type { Geometry, Position as Sommet } from 'geojson';

/** One line of corners; of an area, its first corner is not said twice. */
export interface Suite {
  sommets: Sommet[];
  /** Fewest corners it may have. */
  minimum: number;
  ferme: boolean;
}

const ouvrir = (anneau: Sommet[]): Sommet[] => anneau.slice(0, -1);
const fermer = (sommets: Sommet[]): Sommet[] => [...sommets, ...sommets.slice(0, 1)];

/** All lines of corners of a shape, parts and rings in order. */
export function suitesDe(geometrie: Geometry): Suite[] {
  const anneau = (a: Sommet[]): Suite => ({ sommets: ouvrir(a), minimum: 3, ferme: true });
  const ligne = (l: Sommet[]): Suite => ({ sommets: l, minimum: 2, ferme: false });
  const point = (p: Sommet): Suite => ({ sommets: [p], minimum: 1, ferme: false });
  switch (geometrie.type) {
    case 'Point':
      return [point(geometrie.coordinates)];
    case 'MultiPoint':
      return geometrie.coordinates.map(point);
    case 'LineString':
      return [ligne(geometrie.coordinates)];
    case 'MultiLineString':
      return geometrie.coordinates.map(ligne);
    case 'Polygon':
      return geometrie.coordinates.map(anneau);
    case 'MultiPolygon':
      return geometrie.coordinates.flatMap((p) => p.map(anneau));
    case 'GeometryCollection':
      return [];
  }
}

/** The shape with one of its lines of corners changed. */
export function avecSuite(geometrie: Geometry, rang: number, sommets: Sommet[]): Geometry {
  const [premier] = sommets;
  switch (geometrie.type) {
    case 'Point':
      return premier ? { type: 'Point', coordinates: premier } : geometrie;
    case 'MultiPoint':
      return premier ? { type: 'MultiPoint', coordinates: geometrie.coordinates.map((p, i) => (i === rang ? premier : p)) } : geometrie;
    case 'LineString':
      return { type: 'LineString', coordinates: sommets };
    case 'MultiLineString':
      return { type: 'MultiLineString', coordinates: geometrie.coordinates.map((l, i) => (i === rang ? sommets : l)) };
    case 'Polygon':
      return { type: 'Polygon', coordinates: geometrie.coordinates.map((a, i) => (i === rang ? fermer(sommets) : a)) };
    case 'MultiPolygon': {
      let vu = -1;
      return {
        type: 'MultiPolygon',
        coordinates: geometrie.coordinates.map((p) =>
          p.map((a) => {
            vu += 1;
            return vu === rang ? fermer(sommets) : a;
          }),
        ),
      };
    }
    case 'GeometryCollection':
      return geometrie;
  }
}

type Segment = readonly [Sommet, Sommet];

const orientation = ([ax = 0, ay = 0]: Sommet, [bx = 0, by = 0]: Sommet, [cx = 0, cy = 0]: Sommet): number =>
  Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));

const dansBoite = ([px = 0, py = 0]: Sommet, [ax = 0, ay = 0]: Sommet, [bx = 0, by = 0]: Sommet): boolean =>
  px >= Math.min(ax, bx) && px <= Math.max(ax, bx) && py >= Math.min(ay, by) && py <= Math.max(ay, by);

/** Whether two segments meet, at an end or along their length included. */
function seCoupent([a, b]: Segment, [c, d]: Segment): boolean {
  const [o1, o2, o3, o4] = [orientation(a, b, c), orientation(a, b, d), orientation(c, d, a), orientation(c, d, b)];
  if (o1 !== o2 && o3 !== o4) return true;
  return (o1 === 0 && dansBoite(c, a, b)) || (o2 === 0 && dansBoite(d, a, b)) || (o3 === 0 && dansBoite(a, c, d)) || (o4 === 0 && dansBoite(b, c, d));
}

const memePoint = ([ax, ay]: Sommet, [bx, by]: Sommet): boolean => ax === bx && ay === by;

/** Beyond, the server alone looks: every pair of sides is compared. */
const MAX_COTES = 2000;

/** Why a shape is no shape: an outline that crosses itself, too few corners. */
export type DefautForme = 'croise' | 'trop_peu';

/** Null for a shape that can be kept. A line may cross itself, an outline may not. */
export function defautDe(geometrie: Geometry): DefautForme | null {
  for (const { sommets, minimum, ferme } of suitesDe(geometrie)) {
    const distincts = sommets.filter((s, i) => i === 0 || !memePoint(s, sommets[i - 1] ?? s));
    if (distincts.length < minimum) return 'trop_peu';
    if (!ferme || distincts.length > MAX_COTES) continue;
    const cotes = distincts.map((s, i): Segment => [s, distincts[(i + 1) % distincts.length] ?? s]);
    for (let i = 0; i < cotes.length; i += 1) {
      for (let j = i + 1; j < cotes.length; j += 1) {
        const [a, b] = [cotes[i], cotes[j]];
        if (!a || !b) continue;
        const voisins = j === i + 1 || (i === 0 && j === cotes.length - 1);
        if (!voisins) {
          if (seCoupent(a, b)) return 'croise';
          continue;
        }
        // Neighbours share a corner; they may not fold back on one another.
        const [partage, avant, apres] = j === i + 1 ? [a[1], a[0], b[1]] : [a[0], b[0], a[1]];
        if (orientation(avant, partage, apres) === 0 && (dansBoite(apres, partage, avant) || dansBoite(avant, partage, apres))) return 'croise';
      }
    }
  }
  return null;
}
