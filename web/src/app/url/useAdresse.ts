import { useSyncExternalStore } from 'react';
import { MAX_DANS_LIEN, MAX_SELECTION, estId, memeFiche, readAdresse, writeAdresse, type Adresse } from './adresse';

/** What stands before leaving a sheet: it is given what to do once it agrees. */
export type Garde = (suite: () => void) => void;

/** What the browser keeps beside the address: a selection too long to be in it. */
function readBeside(): readonly string[] {
  const kept: unknown = history.state;
  if (typeof kept !== 'object' || kept === null || !('selection' in kept) || !Array.isArray(kept.selection)) return [];
  return kept.selection.filter((id): id is string => typeof id === 'string' && estId(id)).slice(0, MAX_SELECTION);
}

function readAll(): Adresse {
  const read = readAdresse(location.pathname, location.search, location.hash);
  return read.selection.length > 0 ? read : { ...read, selection: readBeside() };
}

let adresse = readAll();
/** Grows each time the browser (back, forward, a typed hash) decides the state, not the page. */
let version = 0;
let garde: Garde | null = null;
const listeners = new Set<() => void>();

function notify(): void {
  for (const listener of listeners) listener();
}

function write(next: Adresse, how: 'push' | 'replace'): void {
  const url = writeAdresse(next);
  const changed = url !== location.pathname + location.search + location.hash || next.selection !== adresse.selection;
  adresse = next;
  if (changed) {
    const beside = next.selection.length > MAX_DANS_LIEN ? { selection: next.selection } : null;
    if (how === 'push') history.pushState(beside, '', url);
    else history.replaceState(beside, '', url);
  }
  notify();
}

window.addEventListener('popstate', () => {
  const next = readAll();
  if (garde && !memeFiche(adresse, next)) {
    // The browser has gone already: back to the sheet, and on once its guard agrees.
    history.pushState(null, '', writeAdresse(adresse));
    garde(() => write(next, 'push'));
    return;
  }
  adresse = next;
  version += 1;
  notify();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const getAdresse = (): Adresse => adresse;

/** Goes to a state; a sheet with unsaved words is asked first. */
export function aller(next: Adresse, how: 'push' | 'replace' = 'push'): void {
  if (garde && !memeFiche(adresse, next)) garde(() => write(next, how));
  else write(next, how);
}

/**
 * Changes part of the state and its address.
 * `push` makes a step the back button returns from; moving and typing replace the current one.
 */
export const updateAdresse = (patch: Partial<Adresse>, how: 'push' | 'replace' = 'push'): void => aller({ ...adresse, ...patch }, how);

/** Sets what guards the sheet being written, null once nothing is at stake. */
export function poserGarde(next: Garde | null): void {
  garde = next;
}

export const useAdresse = (): Adresse => useSyncExternalStore(subscribe, getAdresse);
export const useVersionNavigateur = (): number => useSyncExternalStore(subscribe, () => version);
