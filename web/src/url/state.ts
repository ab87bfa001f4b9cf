/** The state of the page, all of it, read from and written to its address. */
import { MAX_TEXTE, readSelection, writeSelection } from './selection';

export type Position = [lon: number, lat: number];

export interface Vue {
  zoom: number;
  lon: number;
  lat: number;
}

export type GenreMesure = 'distance' | 'surface';

export interface Mesure {
  genre: GenreMesure;
  points: Position[];
}

export interface EtatCarte {
  /** Where the map looks; null lets it show all that is imported. */
  vue: Vue | null;
  /** Selected parcel, 14 characters. */
  parcelle: string | null;
  style: string;
  /** Layer groups shown or hidden against the style's own choice: `-numeros` hides, `feuilles` shows. */
  couches: string[];
  fond: string | null;
  /** Opacity of the background, percent. */
  opacite: number;
  /** Text of the search box. */
  q: string;
  /** Place of the address marker. */
  repere: Position | null;
  mesure: Mesure | null;
  /** Selected parcels, 14 characters each, in order; one too long for an address is kept beside it. */
  selection: readonly string[];
}

export const ETAT_INITIAL: EtatCarte = {
  vue: null,
  parcelle: null,
  style: 'cadastre',
  couches: [],
  fond: null,
  opacite: 100,
  q: '',
  repere: null,
  mesure: null,
  selection: [],
};

/** More points than anyone draws; keeps a hostile link from filling the map. */
const MAX_POINTS = 200;

const degre = (n: number): string => String(Math.round(n * 1e6) / 1e6);

function readPosition(text: string): Position | null {
  const [lon, lat, ...rest] = text.split(',').map(Number);
  if (lon === undefined || lat === undefined || rest.length > 0) return null;
  if (!(Math.abs(lon) <= 180) || !(Math.abs(lat) <= 85.06)) return null;
  return [lon, lat];
}

/** The place a hash gives: `#17/44.4/2.3`. */
export function readVue(hash: string): Vue | null {
  const [zoom, lat, lon, ...rest] = hash.replace(/^#/, '').split('/').map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined || rest.length > 0) return null;
  if (!(zoom >= 0 && zoom <= 24)) return null;
  const position = readPosition(`${String(lon)},${String(lat)}`);
  return position && { zoom, lon: position[0], lat: position[1] };
}

function readMesure(text: string): Mesure | null {
  const [genre, ...list] = text.split('~');
  if ((genre !== 'distance' && genre !== 'surface') || list.length > MAX_POINTS) return null;
  const points = list.map(readPosition);
  if (points.length < (genre === 'surface' ? 3 : 2) || points.includes(null)) return null;
  return { genre, points: points.filter((p) => p !== null) };
}

/** The state an address describes; what it says wrongly is left at its first value. */
export function readEtat(search: string, hash: string): EtatCarte {
  const params = new URLSearchParams(search);
  const parcelle = (params.get('parcelle') ?? '').trim().toUpperCase().slice(0, 40);
  const opacite = Number(params.get('opacite') ?? '100');
  return {
    vue: readVue(hash),
    parcelle: parcelle === '' ? null : parcelle,
    style: params.get('style') ?? ETAT_INITIAL.style,
    couches: (params.get('couches') ?? '').split(',').filter((c) => /^-?[a-z0-9_]{1,40}$/.test(c)),
    fond: params.get('fond'),
    opacite: opacite >= 0 && opacite <= 100 ? Math.round(opacite) : 100,
    q: (params.get('q') ?? '').slice(0, 200),
    repere: readPosition(params.get('repere') ?? ''),
    mesure: readMesure(params.get('mesure') ?? ''),
    selection: readSelection(params.get('selection') ?? ''),
  };
}

export function formatVue({ zoom, lat, lon }: Vue): string {
  return `#${String(Math.round(zoom * 100) / 100)}/${degre(lat)}/${degre(lon)}`;
}

/** Whether a link can carry the selection. */
export const tientDansLien = (selection: readonly string[]): boolean => writeSelection(selection).length <= MAX_TEXTE;

/** Query and hash of a state; what has its first value is left out. */
export function writeEtat(etat: EtatCarte): string {
  const parts: string[] = [];
  // Commas, tildes and signs stay readable: these links are mailed and dictated.
  const add = (name: string, value: string): void => {
    parts.push(`${name}=${encodeURIComponent(value).replace(/%2C/g, ',').replace(/%20/g, '+')}`);
  };
  if (etat.parcelle) add('parcelle', etat.parcelle);
  if (etat.style !== ETAT_INITIAL.style) add('style', etat.style);
  if (etat.couches.length > 0) add('couches', etat.couches.join(','));
  if (etat.fond) {
    add('fond', etat.fond);
    if (etat.opacite !== 100) add('opacite', String(etat.opacite));
  }
  if (etat.q) add('q', etat.q);
  const point = ([lon, lat]: Position): string => `${degre(lon)},${degre(lat)}`;
  if (etat.repere) add('repere', point(etat.repere));
  if (etat.mesure) add('mesure', [etat.mesure.genre, ...etat.mesure.points.map(point)].join('~'));
  if (etat.selection.length > 0) {
    const texte = writeSelection(etat.selection);
    if (texte.length <= MAX_TEXTE) add('selection', texte);
  }
  return (parts.length > 0 ? `?${parts.join('&')}` : '') + (etat.vue ? formatVue(etat.vue) : '');
}
