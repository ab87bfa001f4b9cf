/**
 * Shapes typed or imported to select with: positions in text, WKT, GeoJSON, GPX.
 * Bounded, and refused with the line at fault: everything here comes from outside.
 */
import type { Geometry, Position as Sommet } from 'geojson';

/** The server takes no more corners. */
export const MAX_SOMMETS = 20_000;
/** Characters of a file or a text. */
export const MAX_TEXTE = 5_000_000;

export type FormeTexte = 'point' | 'rectangle' | 'polygone' | 'ligne';

/** Why a shape was not understood; the panel says it in French. */
export type Defaut =
  | { genre: 'vide' }
  | { genre: 'position'; ligne: number; texte: string }
  | { genre: 'trop_peu'; forme: FormeTexte; nombre: number }
  | { genre: 'trop_de_sommets' }
  | { genre: 'trop_gros' }
  | { genre: 'format'; texte: string };

export type Lecture = { ok: true; geometrie: Geometry; srid: number | null } | { ok: false; defaut: Defaut };

const refuse = (defaut: Defaut): Lecture => ({ ok: false, defaut });
const MINIMUM: Record<FormeTexte, number> = { point: 1, rectangle: 2, ligne: 2, polygone: 3 };

/** Two numbers: decimal point or comma, separated by a space, a semicolon, a tab, or a comma when decimals use the point. */
function readNombres(text: string): [number, number] | null {
  const clean = text.replace(/[\u00a0\u202f]/g, ' ').replace(/°/g, '').trim();
  const number = '([+-]?\\d{1,9}(?:[.,]\\d{1,20})?)';
  const found =
    new RegExp(`^${number}(?:\\s*;\\s*|\\s*,\\s+|\\s+)${number}$`).exec(clean) ?? /^([+-]?\d{1,9}(?:\.\d{1,20})?)\s*,\s*([+-]?\d{1,9}(?:\.\d{1,20})?)$/.exec(clean);
  if (!found) return null;
  const [a, b] = [found[1], found[2]].map((n) => Number((n ?? '').replace(',', '.')));
  return a === undefined || b === undefined ? null : [a, b];
}

/** Degrees are written latitude first, metres easting first; GeoJSON always has longitude or easting first. */
const ordre = ([a, b]: [number, number], srid: number): Sommet => (srid === 4326 ? [b, a] : [a, b]);

/** One position a line; a rectangle is two opposite corners. */
export function readPositions(text: string, forme: FormeTexte, srid: number): Lecture {
  if (text.length > MAX_TEXTE) return refuse({ genre: 'trop_gros' });
  const points: Sommet[] = [];
  for (const [i, brut] of text.split(/\r?\n/).entries()) {
    if (brut.trim() === '') continue;
    const pair = readNombres(brut);
    const sommet = pair && ordre(pair, srid);
    if (!sommet || (srid === 4326 && !(Math.abs(sommet[0] ?? 999) <= 180 && Math.abs(sommet[1] ?? 999) <= 90))) {
      return refuse({ genre: 'position', ligne: i + 1, texte: brut.trim().slice(0, 40) });
    }
    points.push(sommet);
    if (points.length > MAX_SOMMETS) return refuse({ genre: 'trop_de_sommets' });
  }
  const [first, second] = points;
  if (!first) return refuse({ genre: 'vide' });
  if (points.length < MINIMUM[forme] || (forme === 'rectangle' && points.length !== 2)) return refuse({ genre: 'trop_peu', forme, nombre: points.length });
  const made = (geometrie: Geometry): Lecture => ({ ok: true, geometrie, srid });
  if (forme === 'point') return made(points.length === 1 ? { type: 'Point', coordinates: first } : { type: 'MultiPoint', coordinates: points });
  if (forme === 'ligne') return made({ type: 'LineString', coordinates: points });
  if (forme === 'rectangle' && second) return made({ type: 'Polygon', coordinates: [rectangle(first, second)] });
  const last = points.at(-1);
  const closed = first[0] === last?.[0] && first[1] === last?.[1];
  const ring = closed ? points : [...points, first];
  if (ring.length < 4) return refuse({ genre: 'trop_peu', forme, nombre: points.length });
  return made({ type: 'Polygon', coordinates: [ring] });
}

function rectangle([x1 = 0, y1 = 0]: Sommet, [x2 = 0, y2 = 0]: Sommet): Sommet[] {
  return [[x1, y1], [x2, y1], [x2, y2], [x1, y2], [x1, y1]];
}

const WKT = /^\s*(?:SRID=(\d{4,5});)?\s*(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON)\s*(?:Z|M|ZM)?\s*(\(.*\))\s*$/is;
export const ressembleWkt = (text: string): boolean => WKT.test(text);

/** A WKT or EWKT text; its third and fourth numbers are dropped. */
export function readWkt(text: string): Lecture {
  if (text.length > MAX_TEXTE) return refuse({ genre: 'trop_gros' });
  const [, srid, type = '', corps = ''] = WKT.exec(text) ?? [];
  if (!/^[\s\d.,+\-e()]*$/i.test(corps) || corps === '') return refuse({ genre: 'format', texte: text.trim().slice(0, 40) });
  // The nesting of brackets is that of GeoJSON: only the numbers of a corner have none.
  const json = corps.replace(/([+-]?[\d.]+(?:e[+-]?\d+)?)\s+([+-]?[\d.]+(?:e[+-]?\d+)?)(?:\s+[+-]?[\d.]+(?:e[+-]?\d+)?)*/gi, '[$1,$2]').replaceAll('(', '[').replaceAll(')', ']');
  const names: Record<string, string> = { POINT: 'Point', LINESTRING: 'LineString', POLYGON: 'Polygon', MULTIPOINT: 'MultiPoint', MULTILINESTRING: 'MultiLineString', MULTIPOLYGON: 'MultiPolygon' };
  const name = names[type.toUpperCase()];
  let coordinates: unknown;
  try {
    coordinates = JSON.parse(json);
  } catch {
    return refuse({ genre: 'format', texte: text.trim().slice(0, 40) });
  }
  if (name === 'Point' && Array.isArray(coordinates)) coordinates = coordinates[0];
  // MULTIPOINT may bracket each of its points or not.
  if (name === 'MultiPoint' && Array.isArray(coordinates)) coordinates = coordinates.map((p: unknown) => (Array.isArray(p) && Array.isArray(p[0]) ? (p[0] as unknown) : p));
  const read = readGeometrie({ type: name, coordinates });
  return read.ok ? { ...read, srid: srid === undefined ? null : Number(srid) } : read;
}

/** Brackets around a coordinate, by type. */
const PROFONDEUR: Record<string, number> = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };

function plan(value: unknown, profondeur: number, budget: { reste: number }): unknown[] | null {
  if (!Array.isArray(value)) return null;
  if (profondeur === 0) {
    budget.reste -= 1;
    const [x, y] = value as unknown[];
    return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y) && budget.reste >= 0 ? [x, y] : null;
  }
  const parts = value.map((part) => (budget.reste < 0 ? null : plan(part, profondeur - 1, budget)));
  return parts.length > 0 && !parts.includes(null) ? parts : null;
}

/** A GeoJSON geometry, checked and flattened to two dimensions. */
function readGeometrie(value: unknown): Lecture {
  const { type, coordinates } = (typeof value === 'object' && value !== null ? value : {}) as { type?: unknown; coordinates?: unknown };
  const profondeur = typeof type === 'string' ? PROFONDEUR[type] : undefined;
  if (typeof type !== 'string' || profondeur === undefined) return refuse({ genre: 'format', texte: typeof type === 'string' ? type.slice(0, 40) : '' });
  const budget = { reste: MAX_SOMMETS };
  const read = plan(coordinates, profondeur, budget);
  if (budget.reste < 0) return refuse({ genre: 'trop_de_sommets' });
  if (!read) return refuse({ genre: 'format', texte: type });
  return { ok: true, geometrie: { type, coordinates: read } as Geometry, srid: null };
}

/** Geometries of a kind as one; points, lines and areas are not mixed by any format used here. */
function reunir(geometries: Geometry[]): Lecture {
  const parts = geometries.flatMap((g): { type: 'Point' | 'LineString' | 'Polygon'; coordinates: unknown }[] => {
    if (g.type === 'GeometryCollection') return [];
    if (g.type === 'Point' || g.type === 'LineString' || g.type === 'Polygon') return [g];
    const type = g.type.slice('Multi'.length) as 'Point' | 'LineString' | 'Polygon';
    return g.coordinates.map((coordinates) => ({ type, coordinates }));
  });
  const [first] = parts;
  if (!first) return refuse({ genre: 'vide' });
  // Areas first: where a file holds them, its lines and points are only their notes.
  const type = (['Polygon', 'LineString', 'Point'] as const).find((k) => parts.some((p) => p.type === k)) ?? first.type;
  const kept = parts.filter((p) => p.type === type).map((p) => p.coordinates);
  const geometrie = kept.length === 1 ? { type, coordinates: kept[0] } : { type: `Multi${type}`, coordinates: kept };
  return readGeometrie(geometrie);
}

/** A GeoJSON text: geometry, feature or collection; an old « crs » member names the system. */
export function readGeojson(text: string): Lecture {
  if (text.length > MAX_TEXTE) return refuse({ genre: 'trop_gros' });
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return refuse({ genre: 'format', texte: text.trim().slice(0, 40) });
  }
  const object = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
  const top = object(root);
  const members = top.type === 'FeatureCollection' && Array.isArray(top.features) ? (top.features as unknown[]).map((f) => object(f).geometry) : [top.type === 'Feature' ? top.geometry : top];
  const flat = members.flatMap((g) => (object(g).type === 'GeometryCollection' && Array.isArray(object(g).geometries) ? (object(g).geometries as unknown[]) : [g]));
  const geometries: Geometry[] = [];
  for (const member of flat) {
    if (member === null || member === undefined) continue;
    const read = readGeometrie(member);
    if (!read.ok) return read;
    geometries.push(read.geometrie);
  }
  const { name } = object(object(top.crs).properties);
  const [, srid] = /EPSG:+(\d{4,5})$/.exec(typeof name === 'string' ? name : '') ?? [];
  const read = reunir(geometries);
  return read.ok ? { ...read, srid: srid === undefined ? null : Number(srid) } : read;
}

/** Tracks, routes and way points of a GPX text, in degrees. */
export function readGpx(text: string): Lecture {
  if (text.length > MAX_TEXTE) return refuse({ genre: 'trop_gros' });
  const xml = new DOMParser().parseFromString(text, 'application/xml');
  if (xml.querySelector('parsererror') || xml.documentElement.localName !== 'gpx') return refuse({ genre: 'format', texte: text.trim().slice(0, 40) });
  const place = (e: Element): Sommet => [Number(e.getAttribute('lon')), Number(e.getAttribute('lat'))];
  const lines = [...xml.querySelectorAll('trkseg, rte')].map((s) => [...s.querySelectorAll('trkpt, rtept')].map(place)).filter((l) => l.length > 1);
  const points = [...xml.querySelectorAll('wpt')].map(place);
  const geometries: Geometry[] = lines.length > 0 ? lines.map((coordinates) => ({ type: 'LineString', coordinates })) : points.map((coordinates) => ({ type: 'Point', coordinates }));
  const read = reunir(geometries);
  return read.ok ? { ...read, srid: 4326 } : read;
}

/** A shape file's text, by what it holds. */
export function readForme(text: string): Lecture {
  const start = text.trimStart().slice(0, 200);
  if (start === '') return refuse({ genre: 'vide' });
  if (start.startsWith('{')) return readGeojson(text);
  if (start.startsWith('<')) return readGpx(text);
  return readWkt(text);
}
