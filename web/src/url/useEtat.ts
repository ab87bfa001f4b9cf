import { useSyncExternalStore } from 'react';
import { readEtat, writeEtat, type EtatCarte } from './state';

let etat = readEtat(location.search, location.hash);
/** Grows each time the browser (back, forward, a typed hash) decides the state, not the page. */
let version = 0;
const listeners = new Set<() => void>();

function notify(): void {
  for (const listener of listeners) listener();
}

function reread(): void {
  etat = readEtat(location.search, location.hash);
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
  const changed = url !== location.pathname + location.search + location.hash;
  etat = next;
  if (changed) {
    if (how === 'push') history.pushState(null, '', url);
    else history.replaceState(history.state, '', url);
  }
  notify();
}

export const useEtat = (): EtatCarte => useSyncExternalStore(subscribe, getEtat);
export const useVersionNavigateur = (): number => useSyncExternalStore(subscribe, () => version);
