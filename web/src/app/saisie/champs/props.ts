import type { ChampSchema, Objet } from '../../api/types';
import type { Saisi } from '../valeurs';

/** What every control of a form is given. */
export interface PropsChamp {
  objet: Objet;
  champ: ChampSchema;
  valeur: Saisi;
  requis: boolean;
  /** What is refused, in a sentence. */
  erreur: string | null;
  /** Labels of codes and references that are known already. */
  libelles: string | string[] | undefined;
  /** The record being written, as JSON: what a reference may take can depend on it. */
  record: string;
  /** Row being written, null for a new one. */
  id: string | null;
  onChange: (valeur: Saisi) => void;
}

export const texteDe = (valeur: Saisi): string => (typeof valeur === 'string' ? valeur : '');
