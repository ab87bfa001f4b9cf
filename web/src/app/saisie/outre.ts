/** Passing over rules: when it can be asked, and the reason that goes with it. */
import type { Manquement } from '../api/types';

/** Longest reason, characters: the server's own bound. */
export const MAX_MOTIF = 2000;

/** All of them, or none: a single rule that nobody passes over refuses the write. */
export const peutPasserOutre = (manquements: readonly Manquement[]): boolean => manquements.length > 0 && manquements.every((m) => m.passable);

/** The reason to send; null when nothing is said. */
export function motifLu(motif: string): string | null {
  const net = motif.trim();
  return net === '' ? null : net;
}
