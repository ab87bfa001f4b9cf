/**
 * From degrees to the projected systems of France, by proj4: loaded only when one is asked.
 * Parameters are those of the EPSG registry; RGF93 and its overseas kin lie on GRS80 and
 * within a centimetre-level realisation of WGS84, which no web map can tell apart.
 */
import proj4 from 'proj4';
import type { Position } from '../api/types';

const UTM: Readonly<Record<number, string>> = { 5490: '+zone=20', 2972: '+zone=22', 2975: '+zone=40 +south', 4471: '+zone=38 +south', 4467: '+zone=21' };
const FIN = '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs';

/** The proj string of a system by its EPSG code; null for one that is not of France. */
function definition(srid: number): string | null {
  if (srid === 2154) return `+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 ${FIN}`;
  if (srid >= 3942 && srid <= 3950) {
    // Zone n: origin on the parallel n, standard parallels 45′ on each side, its own million of northing, and 200 000.
    const n = srid - 3900;
    return `+proj=lcc +lat_0=${String(n)} +lon_0=3 +lat_1=${String(n - 0.75)} +lat_2=${String(n + 0.75)} +x_0=1700000 +y_0=${String((n - 41) * 1_000_000 + 200_000)} ${FIN}`;
  }
  const zone = UTM[srid];
  return zone === undefined ? null : `+proj=utm ${zone} ${FIN}`;
}

/** Easting and northing in metres of a place in degrees; null for a system that is not known. */
export function projeter([lon, lat]: Position, srid: number): [est: number, nord: number] | null {
  const proj = definition(srid);
  if (proj === null) return null;
  const [x, y] = proj4('EPSG:4326', proj, [lon, lat]);
  return !Number.isFinite(x) || !Number.isFinite(y) ? null : [x, y];
}

/** The place in degrees of an easting and a northing in metres; null for a system that is not known, or far from where it holds. */
export function deprojeter([est, nord]: readonly [number, number], srid: number): Position | null {
  const proj = definition(srid);
  if (proj === null) return null;
  const [lon, lat] = proj4(proj, 'EPSG:4326', [est, nord]);
  return !Number.isFinite(lon) || !Number.isFinite(lat) || Math.abs(lon) > 180 || Math.abs(lat) > 90 ? null : [lon, lat];
}
