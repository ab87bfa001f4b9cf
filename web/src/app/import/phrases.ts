/** What a trial says, put so that it reads and adds up. */
import type { Bilan, Rejet } from './formes';

/** A reason as a sentence: a capital, a full stop. */
export function phrase(motif: string): string {
  const net = motif.trim();
  if (net === '') return '';
  const [premiere = ''] = net;
  const haute = premiere.toLocaleUpperCase('fr-FR') + net.slice(premiere.length);
  return /[.!?…]$/.test(haute) ? haute : `${haute}.`;
}

/** Rejects by line, those of one line in the order they came. */
export const parLigne = (rejets: readonly Rejet[]): Rejet[] => [...rejets].sort((a, b) => a.ligne - b.ligne);

/** Rows that would be kept or left as they are: with those refused, all that were read. */
export const acceptees = ({ creees, changees, inchangees, archivees }: Bilan): number => creees + changees + inchangees + archivees;
