/** The state of the application, all of it, read from and written to its address. */
import type { Etendue } from '../../api/types';
import { formatVue, readVue, type Vue } from '../../url/state';

export type Affichage = 'deux' | 'liste' | 'carte';

/** In place of a row's key in the path: the page that imports a file. */
export const IMPORT = 'import';

/** In its place too: the page that makes rows in series along a line. */
export const SERIE = 'serie';

/** In its place too: a page of figures, whose identifier is in the place of the object's. */
export const BILAN = 'bilan';

/** In its place too: the page of what rows taken over breach. */
export const ANOMALIES = 'anomalies';

/** Of no module: the page of personal data at the end of their use. */
export const CONSERVATION = 'conservation';

/** The sheet of a row that does not exist yet. */
export const NOUVELLE = 'nouvelle';

export interface Adresse {
  /** Both null on the dashboard and on [`CONSERVATION`]. */
  module: string | null;
  objet: string | null;
  /** The sheet alone, over the whole page; or [`IMPORT`], [`SERIE`], [`BILAN`], [`ANOMALIES`], [`CONSERVATION`]. */
  page: string | null;
  /** File laid down to be imported. */
  depot: string | null;
  /** The list of the manifest it starts from. */
  liste: string | null;
  /** CQL2 text of the reader's own filter. */
  filtre: string;
  q: string;
  /** Fields, a minus sign before the one sorted downwards; null is the list's own order. */
  tri: string[] | null;
  colonnes: string[] | null;
  /** What the map shows, when the list is limited to it: west, south, east, north. */
  etendue: Etendue | null;
  archivees: boolean;
  /** Rows ticked; more of them than a link can carry stay beside the address. */
  selection: readonly string[];
  /** Row whose sheet is open, or [`NOUVELLE`]. */
  fiche: string | null;
  onglet: string | null;
  /** Whether the sheet is being written. */
  saisie: boolean;
  /** Values a new row starts with. */
  avec: Readonly<Record<string, string>>;
  affichage: Affichage;
  /** Another style of the object's layer, null for its first. */
  teinte: string | null;
  style: string;
  couches: string[];
  fond: string | null;
  opacite: number;
  vue: Vue | null;
}

export const ADRESSE_INITIALE: Adresse = {
  module: null,
  objet: null,
  page: null,
  depot: null,
  liste: null,
  filtre: '',
  q: '',
  tri: null,
  colonnes: null,
  etendue: null,
  archivees: false,
  selection: [],
  fiche: null,
  onglet: null,
  saisie: false,
  avec: {},
  affichage: 'deux',
  teinte: null,
  style: 'cadastre',
  couches: [],
  fond: null,
  opacite: 100,
  vue: null,
};

const RACINE = '/app';
const NOM = /^[a-z][a-z0-9_]{0,62}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Rows a link can carry; the bound of what may be ticked at once is [`MAX_SELECTION`]. */
export const MAX_DANS_LIEN = 50;
export const MAX_SELECTION = 1000;
const MAX_FILTRE = 8000;
const MAX_NOMS = 60;

const estNom = (text: string): boolean => NOM.test(text);
export const estId = (text: string): boolean => UUID.test(text);

/** Names of fields; `-` before a name when `signe` admits it. */
function readNoms(text: string | null, signe: boolean): string[] | null {
  if (text === null) return null;
  const noms = text.split(',').filter((n) => estNom(signe ? n.replace(/^-/, '') : n));
  return [...new Set(noms)].slice(0, MAX_NOMS);
}

function readEtendue(text: string | null): Etendue | null {
  const numbers = (text ?? '').split(',').map((n) => (n === '' ? NaN : Number(n)));
  const [w, s, e, n] = numbers;
  if (w === undefined || s === undefined || e === undefined || n === undefined || numbers.length > 4) return null;
  if (!(Math.abs(w) <= 180 && Math.abs(e) <= 180 && Math.abs(s) <= 90 && Math.abs(n) <= 90 && w < e && s < n)) return null;
  return [w, s, e, n];
}

function readAvec(values: readonly string[]): Record<string, string> {
  const pairs = values.slice(0, MAX_NOMS).map((v): [string, string] => [v.slice(0, Math.max(0, v.indexOf(':'))), v.slice(v.indexOf(':') + 1, 600)]);
  return Object.fromEntries(pairs.filter(([nom]) => estNom(nom)));
}

/** The state an address describes; what it says wrongly is left at its first value. */
export function readAdresse(pathname: string, search: string, hash: string): Adresse {
  const [module = '', objet = '', page = '', ...reste] = pathname.replace(/^\/app\/?/, '').split('/');
  const connu = estNom(module) && estNom(objet) && reste.length === 0;
  const params = new URLSearchParams(search);
  const fiche = params.get('fiche');
  const affichage = params.get('affichage');
  const opacite = Number(params.get('opacite') ?? '100');
  const conservation = pathname.replace(/\/$/, '') === `${RACINE}/${CONSERVATION}`;
  const seule = connu && (estId(page) || page === NOUVELLE || page === IMPORT || page === SERIE || page === BILAN || page === ANOMALIES) ? page : conservation ? CONSERVATION : null;
  const depot = params.get('depot');
  const ouverte = fiche !== null && (estId(fiche) || fiche === NOUVELLE) ? fiche : null;
  return {
    module: connu ? module : null,
    objet: connu ? objet : null,
    page: seule,
    depot: seule === IMPORT && depot !== null && estId(depot) ? depot : null,
    liste: params.get('liste') !== null && estNom(params.get('liste') ?? '') ? params.get('liste') : null,
    filtre: (params.get('filtre') ?? '').slice(0, MAX_FILTRE),
    q: (params.get('q') ?? '').slice(0, 200),
    tri: readNoms(params.get('tri'), true),
    colonnes: readNoms(params.get('colonnes'), false),
    etendue: readEtendue(params.get('etendue')),
    archivees: params.get('archivees') === '1',
    selection: [...new Set((params.get('selection') ?? '').split(',').filter(estId))].slice(0, MAX_DANS_LIEN),
    fiche: ouverte,
    onglet: /^[a-z][a-z0-9_.]{0,70}$/.test(params.get('onglet') ?? '') ? params.get('onglet') : null,
    saisie: params.get('saisie') === '1' || seule === NOUVELLE || ouverte === NOUVELLE,
    avec: readAvec(params.getAll('avec')),
    affichage: affichage === 'liste' || affichage === 'carte' ? affichage : 'deux',
    teinte: params.get('teinte') !== null && estNom(params.get('teinte') ?? '') ? params.get('teinte') : null,
    style: params.get('style') ?? ADRESSE_INITIALE.style,
    couches: (params.get('couches') ?? '').split(',').filter((c) => /^-?[a-z0-9_]{1,40}$/.test(c)),
    fond: params.get('fond'),
    opacite: opacite >= 0 && opacite <= 100 ? Math.round(opacite) : 100,
    vue: readVue(hash),
  };
}

const degre = (n: number): string => String(Math.round(n * 1e6) / 1e6);

/** Path, query and hash of a state; what has its first value is left out. */
export function writeAdresse(a: Adresse): string {
  if (a.module === null || a.objet === null) return a.page === CONSERVATION ? `${RACINE}/${CONSERVATION}` : RACINE;
  const parts: string[] = [];
  // Commas and signs stay readable: these links are mailed and dictated.
  const add = (name: string, value: string): void => {
    parts.push(`${name}=${encodeURIComponent(value).replace(/%2C/g, ',').replace(/%3A/g, ':').replace(/%20/g, '+')}`);
  };
  if (a.liste) add('liste', a.liste);
  if (a.filtre) add('filtre', a.filtre);
  if (a.q) add('q', a.q);
  if (a.tri) add('tri', a.tri.join(','));
  if (a.colonnes) add('colonnes', a.colonnes.join(','));
  if (a.etendue) add('etendue', a.etendue.map(degre).join(','));
  if (a.archivees) add('archivees', '1');
  if (a.selection.length > 0 && a.selection.length <= MAX_DANS_LIEN) add('selection', a.selection.join(','));
  if (a.page === IMPORT && a.depot) add('depot', a.depot);
  if (a.page === null && a.fiche) add('fiche', a.fiche);
  if (a.onglet) add('onglet', a.onglet);
  if (a.saisie && a.fiche !== NOUVELLE && a.page !== NOUVELLE) add('saisie', '1');
  for (const [nom, valeur] of Object.entries(a.avec)) add('avec', `${nom}:${valeur}`);
  if (a.affichage !== ADRESSE_INITIALE.affichage) add('affichage', a.affichage);
  if (a.teinte) add('teinte', a.teinte);
  if (a.style !== ADRESSE_INITIALE.style) add('style', a.style);
  if (a.couches.length > 0) add('couches', a.couches.join(','));
  if (a.fond) {
    add('fond', a.fond);
    if (a.opacite !== 100) add('opacite', String(a.opacite));
  }
  const path = [RACINE, a.module, a.objet, ...(a.page === null ? [] : [a.page])].join('/');
  return path + (parts.length > 0 ? `?${parts.join('&')}` : '') + (a.vue ? formatVue(a.vue) : '');
}

/** The same place of the map and the same backgrounds, another object: what a link of the menu leads to. */
export function versObjet(de: Adresse, module: string, objet: string, patch: Partial<Adresse> = {}): Adresse {
  const { style, couches, fond, opacite, vue, affichage } = de;
  return { ...ADRESSE_INITIALE, style, couches, fond, opacite, vue, affichage, module, objet, ...patch };
}

/** Whether two states are the same sheet being looked at or written. */
export const memeFiche = (a: Adresse, b: Adresse): boolean =>
  a.module === b.module && a.objet === b.objet && (a.page ?? a.fiche) === (b.page ?? b.fiche) && a.saisie === b.saisie;
