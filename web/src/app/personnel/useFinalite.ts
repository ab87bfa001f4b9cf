import { useSyncExternalStore } from 'react';
import type { Objet } from '../api/types';
import { permises } from './champs';

/** Declared for an object until the page is closed; never in an address: who follows a link declares nothing. */
const declarees = new Map<string, string>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The purpose for which personal fields of an object are looked at, null when none is; and how to declare one. */
export function useFinalite(objet: Objet): [string | null, (finalite: string | null) => void] {
  const cle = `${objet.module}/${objet.objet}`;
  const dite = useSyncExternalStore(subscribe, () => declarees.get(cle) ?? null);
  const declarer = (finalite: string | null): void => {
    if (finalite === null) declarees.delete(cle);
    else declarees.set(cle, finalite);
    for (const listener of listeners) listener();
  };
  return [permises(objet).some((f) => f.id === dite) ? dite : null, declarer];
}
