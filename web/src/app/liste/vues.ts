/** Views of lists saved under a name: by the server where it keeps them, by the browser where it does not. */
import { ErreurApi, ask, getJson, sendJson } from '../../api/client';
import { nouvelleCle } from '../api/cle';
import type { VueGardee } from '../api/types';

export interface NouvelleVue {
  module: string;
  objet: string;
  nom: string;
  partagee: boolean;
  etat: string;
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

const estVue = (v: unknown): v is VueGardee =>
  typeof v === 'object' && v !== null && ['id', 'module', 'objet', 'nom', 'etat'].every((k) => typeof (v as Record<string, unknown>)[k] === 'string');

function readAll(): VueGardee[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(CLE) ?? '[]');
    return Array.isArray(kept) ? kept.filter(estVue).slice(0, MAX) : [];
  } catch {
    return [];
  }
}

const writeAll = (vues: readonly VueGardee[]): void => localStorage.setItem(CLE, JSON.stringify(vues.slice(0, MAX)));

export const vuesDuNavigateur: Vues = {
  partage: false,
  lire: (module, objet) => Promise.resolve(readAll().filter((v) => v.module === module && v.objet === objet)),
  garder: (vue) => {
    const faite: VueGardee = { ...vue, partagee: false, id: nouvelleCle() };
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
  lire: (module, objet) => getJson<VueGardee[]>(`/api/vues?${new URLSearchParams({ module, objet }).toString()}`),
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
