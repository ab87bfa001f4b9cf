/** Views of lists saved under a name: by the server where it keeps them, by the browser where it does not. */
import { ErreurApi, ask, getJson, sendJson } from '../../api/client';
import { nouvelleCle } from '../api/cle';
import type { VueGardee } from '../api/types';

export interface NouvelleVue {
  module: string;
  objet: string;
  nom: string;
  partagee: boolean;
  etat: VueGardee['etat'];
}

/** What keeps views. */
export interface Vues {
  lire: (module: string, objet: string) => Promise<VueGardee[]>;
  garder: (vue: NouvelleVue) => Promise<VueGardee>;
  oublier: (id: string) => Promise<void>;
  /** Whether a view can be shown to others. */
  partage: boolean;
}

const CLE = 'finage.vues';
const MAX = 200;

/** What the browser keeps besides: whose list it is. */
type Locale = VueGardee & { module: string; objet: string };

const estEtat = (v: unknown): boolean => typeof v === 'object' && v !== null && 'adresse' in v && typeof v.adresse === 'string';
const estVue = (v: unknown): v is Locale =>
  typeof v === 'object' && v !== null && 'etat' in v && estEtat(v.etat) && ['id', 'module', 'objet', 'nom'].every((k) => typeof (v as Record<string, unknown>)[k] === 'string');

function readAll(): Locale[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(CLE) ?? '[]');
    return Array.isArray(kept) ? kept.filter(estVue).slice(0, MAX) : [];
  } catch {
    return [];
  }
}

const writeAll = (vues: readonly Locale[]): void => localStorage.setItem(CLE, JSON.stringify(vues.slice(0, MAX)));

export const vuesDuNavigateur: Vues = {
  partage: false,
  lire: (module, objet) => Promise.resolve(readAll().filter((v) => v.module === module && v.objet === objet)),
  garder: (vue) => {
    const faite: Locale = { ...vue, partagee: false, id: nouvelleCle() };
    try {
      writeAll([faite, ...readAll()]);
      return Promise.resolve(faite);
    } catch (cause) {
      return Promise.reject(cause instanceof Error ? cause : new Error(String(cause)));
    }
  },
  oublier: (id) => {
    writeAll(readAll().filter((v) => v.id !== id));
    return Promise.resolve();
  },
};

export const vuesDuServeur: Vues = {
  partage: true,
  // What another program kept is no view of this screen.
  lire: async (module, objet) => (await getJson<VueGardee[]>(`/api/vues?${new URLSearchParams({ module, objet }).toString()}`)).filter((v) => estEtat(v.etat)),
  garder: (vue) => sendJson<VueGardee>('POST', '/api/vues', vue),
  oublier: async (id) => {
    await ask(`/api/vues/${encodeURIComponent(id)}`, { method: 'DELETE' });
  },
};

/** The server's when it keeps views, else the browser's. */
export async function trouverVues(module: string, objet: string): Promise<{ vues: Vues; liste: VueGardee[] }> {
  try {
    return { vues: vuesDuServeur, liste: await vuesDuServeur.lire(module, objet) };
  } catch (cause) {
    if (!(cause instanceof ErreurApi) || cause.status !== 404) throw cause;
    return { vues: vuesDuNavigateur, liste: await vuesDuNavigateur.lire(module, objet) };
  }
}
