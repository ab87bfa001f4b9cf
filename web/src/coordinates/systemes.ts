/** The coordinate systems in which a place of France is given: which ones, and where each holds. */
import type { Position } from '../api/types';

export interface Systeme {
  /** EPSG code. */
  srid: number;
  nom: string;
}

export const WGS84: Systeme = { srid: 4326, nom: 'WGS 84' };
export const LAMBERT_93: Systeme = { srid: 2154, nom: 'Lambert-93' };

/** Parallels of the nine conformal conic zones (« CC42 » to « CC50 »): EPSG 3942 to 3950. */
export const PARALLELES = [42, 43, 44, 45, 46, 47, 48, 49, 50] as const;
export const ZONES_CC: readonly Systeme[] = PARALLELES.map((n) => ({ srid: 3900 + n, nom: `CC${String(n)}` }));

interface Territoire {
  systeme: Systeme;
  /** Degrees: [west, south, east, north]. */
  boite: readonly [number, number, number, number];
}

/** Overseas systems of the décret 2000-1276 as amended in 2019, each with a box around its islands or land. */
export const OUTRE_MER: readonly Territoire[] = [
  { systeme: { srid: 5490, nom: 'RGAF09 / UTM 20N' }, boite: [-63.5, 14, -60, 18.5] },
  { systeme: { srid: 2972, nom: 'RGFG95 / UTM 22N' }, boite: [-55, 2, -51, 6.5] },
  { systeme: { srid: 2975, nom: 'RGR92 / UTM 40S' }, boite: [55, -22, 56.2, -20.5] },
  { systeme: { srid: 4471, nom: 'RGM04 / UTM 38S' }, boite: [44.5, -13.3, 45.6, -12.3] },
  { systeme: { srid: 4467, nom: 'RGSPM06 / UTM 21N' }, boite: [-56.8, 46.4, -55.8, 47.4] },
];

/** Metropolitan France and its near sea. */
const METROPOLE: Territoire['boite'] = [-6, 41, 10.5, 51.5];

const dans = ([lon, lat]: Position, [w, s, e, n]: Territoire['boite']): boolean => lon >= w && lon <= e && lat >= s && lat <= n;

/** What a reader chooses once: degrees, the legal system of the place, or its conformal zone. */
export type Choix = 'wgs84' | 'legal' | 'cc';

/** The legal projected system at a place; null far from France. */
export function legalOf(place: Position): Systeme | null {
  if (dans(place, METROPOLE)) return LAMBERT_93;
  return OUTRE_MER.find(({ boite }) => dans(place, boite))?.systeme ?? null;
}

/** The conformal zone of a place: the one of the nearest parallel; null outside metropolitan France. */
export function zoneOf(place: Position): Systeme | null {
  if (!dans(place, METROPOLE)) return null;
  const parallele = Math.min(50, Math.max(42, Math.round(place[1])));
  return ZONES_CC.find((z) => z.srid === 3900 + parallele) ?? null;
}

/** The system of a choice at a place; null where it does not hold. */
export function systemeOf(choix: Choix, place: Position): Systeme | null {
  if (choix === 'wgs84') return WGS84;
  return choix === 'cc' ? zoneOf(place) : legalOf(place);
}
