/** What is typed and not yet saved, kept by the browser: per account and per record. */
import type { Saisie } from './valeurs';

const PREFIXE = 'finage.brouillon.';
/** Older drafts are dropped when a new one needs their place. */
const MAX_BROUILLONS = 50;
const MAX_TEXTE = 500_000;
const DUREE_MS = 30 * 24 * 3600 * 1000;

export interface Brouillon {
  saisie: Saisie;
  /** The form it was typed over: what differs from it is the reader's own. */
  base: Saisie;
  /** Version of the row it was typed over, null for a new one. */
  version: number | null;
  /** Instant of the last key, milliseconds. */
  le: number;
  /** Labels of the personal fields that were written too: what they held is not kept. */
  tus: readonly string[];
}

/** What drafts are kept in: the browser's store, or another of the same shape. */
export type Magasin = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export const cleBrouillon = (compte: string, module: string, objet: string, id: string): string =>
  `${PREFIXE}${encodeURIComponent(compte)}/${module}/${objet}/${id}`;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const estSaisie = (value: unknown): value is Saisie => isRecord(value) && isRecord(value.champs) && 'geometrie' in value && 'insee' in value;

const noms = (value: unknown): string[] => (Array.isArray(value) ? value.filter((nom): nom is string => typeof nom === 'string') : []);

function parse(text: string | null): Brouillon | null {
  if (text === null) return null;
  try {
    const read: unknown = JSON.parse(text);
    if (!isRecord(read) || !estSaisie(read.saisie) || !estSaisie(read.base) || typeof read.le !== 'number') return null;
    return { saisie: read.saisie, base: read.base, version: typeof read.version === 'number' ? read.version : null, le: read.le, tus: noms(read.tus) };
  } catch {
    return null;
  }
}

/** Storage may be refused, or hold anything: then there is no draft. */
export function lireBrouillon(magasin: Magasin, cle: string, maintenant: number): Brouillon | null {
  try {
    const brouillon = parse(magasin.getItem(cle));
    return brouillon && maintenant - brouillon.le < DUREE_MS ? brouillon : null;
  } catch {
    return null;
  }
}

/** Keys of all drafts, the oldest first. */
function cles(magasin: Magasin): string[] {
  const found: { cle: string; le: number }[] = [];
  for (let i = 0; i < magasin.length; i += 1) {
    const cle = magasin.key(i);
    if (cle?.startsWith(PREFIXE)) found.push({ cle, le: parse(magasin.getItem(cle))?.le ?? 0 });
  }
  return found.sort((a, b) => a.le - b.le).map((f) => f.cle);
}

/** Whether the draft is kept: a browser may refuse, and a huge one is not tried. */
export function garderBrouillon(magasin: Magasin, cle: string, brouillon: Brouillon): boolean {
  const text = JSON.stringify(brouillon);
  if (text.length > MAX_TEXTE) return false;
  try {
    for (const vieille of cles(magasin).filter((c) => c !== cle).slice(0, -(MAX_BROUILLONS - 1))) magasin.removeItem(vieille);
    magasin.setItem(cle, text);
    return true;
  } catch {
    return false;
  }
}

export function oublierBrouillon(magasin: Magasin, cle: string): void {
  try {
    magasin.removeItem(cle);
  } catch {
    // Storage refused: nothing was kept either.
  }
}
