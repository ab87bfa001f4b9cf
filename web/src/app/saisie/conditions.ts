/** Conditions of a form, judged on the record being written. The only file that knows the evaluator of expressions. */
import type { ChampSchema, Expression, Valeur } from '../api/types';

/** What expressions may ask besides the record. */
export interface Contexte {
  /** ISO civil date. */
  aujourdHui: string;
  user: Readonly<Record<string, unknown>>;
}

type Evaluer = (expression: Expression, fiche: Readonly<Record<string, unknown>>, contexte: Contexte) => boolean | null;
const evaluer: Evaluer | null = null as Evaluer | null;

type Record_ = Readonly<Record<string, Valeur>>;

/** Shown when its condition is true; an unknown answer hides it, as the server reads it. */
export function estVisible({ visible }: ChampSchema, record: Record_, contexte: Contexte): boolean {
  return visible === null || evaluer === null || evaluer(visible, record, contexte) === true;
}

export function estRequis({ obligatoire, requis_si }: ChampSchema, record: Record_, contexte: Contexte): boolean {
  return obligatoire || (requis_si !== null && evaluer !== null && evaluer(requis_si, record, contexte) === true);
}

/** Today where the reader is, as an ISO civil date. */
export function aujourdHui(): string {
  const d = new Date();
  const deux = (n: number): string => String(n).padStart(2, '0');
  return `${String(d.getFullYear())}-${deux(d.getMonth() + 1)}-${deux(d.getDate())}`;
}
