/** An anomaly in words: the field it is about, then what is wrong. */
import type { Objet } from '../api/types';
import type { Anomalie } from './requetes';

export function direAnomalie({ champs }: Pick<Objet, 'champs'>, { champ, motif }: Pick<Anomalie, 'champ' | 'motif'>): string {
  const libelle = champs.find((c) => c.nom === champ)?.libelle ?? champ;
  return champ === '' ? `${motif}.` : `${libelle} : ${motif}.`;
}
