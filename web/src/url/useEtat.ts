import { useSyncExternalStore } from 'react';
import { MAX_PARCELLES, ranger } from './selection';
import { readEtat, tientDansLien, writeEtat, type EtatCarte } from './state';

/** What the browser keeps beside the address: a selection too long to be in it. */
function readBeside(): readonly string[] {
  const kept: unknown = history.state;
  if (typeof kept !== 'object' || kept === null || !('selection' in kept) || !Array.isArray(kept.selection)) return [];
  return ranger(kept.selection.filter((idu) => typeof idu === 'string')).slice(0, MAX_PARCELLES);
}

function readAll(): EtatCarte {
  const read = readEtat(location.search, location.hash);
  return read.selection.length > 0 ? read : { ...read, selection: readBeside() };
}

let etat = readAll();
/** Grows each time the browser (back, forward, a typed hash) decides the state, not the page. */
let version = 0;
const listeners = new Set<() => void>();

function notify(): void {
  for (const listener of listeners) listener();
}

function reread(): void {
  etat = readAll();
  version += 1;
  notify();
}

window.addEventListener('popstate', reread);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const getEtat = (): EtatCarte => etat;

/**
 * Changes part of the state and its address.
 * `push` makes a step the back button returns from; moving and typing replace the current one.
 */
export function updateEtat(patch: Partial<EtatCarte>, how: 'push' | 'replace'): void {
  const next = { ...etat, ...patch };
  const url = location.pathname + writeEtat(next);
  const changed = url !== location.pathname + location.search + location.hash || next.selection !== etat.selection;
  etat = next;
  if (changed) {
    const beside = tientDansLien(next.selection) ? null : { selection: next.selection };
    if (how === 'push') history.pushState(beside, '', url);
    else history.replaceState(beside, '', url);
  }
  notify();
}

export const useEtat = (): EtatCarte => useSyncExternalStore(subscribe, getEtat);
export const useVersionNavigateur = (): number => useSyncExternalStore(subscribe, () => version);
