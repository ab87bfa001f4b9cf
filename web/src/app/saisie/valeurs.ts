/** From what the server writes to what a form holds, and back. */
import type { Geometry } from 'geojson';
import type { ChampSchema, Fiche, Valeur } from '../api/types';
import { lireDateSaisie, type DefautJour } from './jours';
import { ecrireNombre, lireNombre, sansZeros } from './nombres';

/** What a control holds: a text as typed, a box, several references. */
export type Saisi = string | boolean | null | string[];

export interface Saisie {
  champs: Record<string, Saisi>;
  geometrie: Geometry | null;
  /** Commune of a row that has no geometry to tell it. */
  insee: string | null;
}

/** Why a typed value cannot be sent; the form says it in French. */
export type DefautChamp = 'obligatoire' | 'forme' | 'decimales' | 'grand' | 'long' | 'lourd' | DefautJour;

export type Lue = { ok: true; valeur: Valeur } | { ok: false; defaut: DefautChamp };

/** Most decimals of a field that does not tell its own. */
const DECIMALES = 12;

export const decimalesDe = ({ genre, decimales }: ChampSchema): number =>
  genre === 'entier' ? 0 : (decimales ?? (genre === 'montant' ? 2 : DECIMALES));

/** What the form shows of a value. */
export function saisir({ genre, format }: ChampSchema, valeur: Valeur | undefined): Saisi {
  if (valeur === undefined || valeur === null) return genre === 'references' ? [] : genre === 'booleen' ? null : '';
  if (Array.isArray(valeur) || typeof valeur === 'boolean') return valeur;
  // An address carries it as a word.
  if (genre === 'booleen') return valeur === 'true' ? true : valeur === 'false' ? false : null;
  if (genre === 'decimal') return ecrireNombre(sansZeros(String(valeur)));
  return format !== 'annee' && (genre === 'entier' || genre === 'montant') ? ecrireNombre(String(valeur)) : String(valeur);
}

/** What the server is sent of a control; an empty one is null. */
export function lireSaisi(champ: ChampSchema, saisi: Saisi | undefined): Lue {
  const { genre, max } = champ;
  if (saisi === undefined || saisi === null || saisi === '') return { ok: true, valeur: genre === 'references' ? [] : null };
  if (typeof saisi === 'boolean' || Array.isArray(saisi)) return { ok: true, valeur: saisi };
  if (genre === 'entier' || genre === 'decimal' || genre === 'montant') {
    const lu = lireNombre(saisi, decimalesDe(champ));
    if (!lu.ok) return lu;
    if (genre !== 'entier' || lu.valeur === null) return { ok: true, valeur: lu.valeur };
    const entier = Number(lu.valeur);
    return Number.isSafeInteger(entier) ? { ok: true, valeur: entier } : { ok: false, defaut: 'grand' };
  }
  if (genre === 'date' || genre === 'instant') return lireDateSaisie(genre, saisi);
  if ((genre === 'texte' || genre === 'texte_long') && max && Array.from(saisi).length > max) return { ok: false, defaut: 'long' };
  return { ok: true, valeur: saisi };
}

/** Fields of a form: not those the engine computes or that the account may not write. */
export const champsDuFormulaire = (champs: readonly ChampSchema[]): ChampSchema[] => champs.filter((c) => c.modifiable && c.genre !== 'geometrie');

/** A form on a row, or on a new one with what it starts with. */
export function saisieDe(champs: readonly ChampSchema[], fiche: Fiche | null, avec: Readonly<Record<string, string>> = {}): Saisie {
  const depart = champsDuFormulaire(champs).map((c): [string, Saisi] => {
    const donne = fiche ? fiche.champs[c.nom] : avec[c.nom];
    return [c.nom, saisir(c, c.genre === 'references' && typeof donne === 'string' ? [donne] : donne)];
  });
  return { champs: Object.fromEntries(depart), geometrie: fiche?.geometrie ?? null, insee: fiche?.insee ?? null };
}

/** Values of the whole row as expressions judge it: the form's over the server's; what is typed wrongly is unknown. */
export function recordDe(champs: readonly ChampSchema[], fiche: Fiche | null, saisie: Saisie): Record<string, Valeur> {
  const record: Record<string, Valeur> = { ...fiche?.champs };
  for (const champ of champsDuFormulaire(champs)) {
    const lu = lireSaisi(champ, saisie.champs[champ.nom]);
    record[champ.nom] = lu.ok ? lu.valeur : null;
  }
  return record;
}

/** Longest record an address carries to the server. */
const MAX_RECORD = 4000;

/** The record as JSON, for what a reference may take: without long texts, and none when it is still too long. */
export function recordPour(champs: readonly ChampSchema[], record: Readonly<Record<string, Valeur>>): string {
  const longs = new Set(champs.filter((c) => c.genre === 'texte_long' || c.genre === 'riche').map((c) => c.nom));
  const json = JSON.stringify(Object.fromEntries(Object.entries(record).filter(([nom, valeur]) => valeur !== null && !longs.has(nom))));
  return new TextEncoder().encode(json).length > MAX_RECORD ? '{}' : json;
}

const pareil = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Whether a form holds other things than it began with. */
export const estModifiee = (a: Saisie, b: Saisie): boolean => !pareil(a.champs, b.champs) || !pareil(a.geometrie, b.geometrie) || a.insee !== b.insee;

/** Fields whose control differs from another form's. */
export const champsDifferents = (champs: readonly ChampSchema[], a: Saisie, b: Saisie): ChampSchema[] =>
  champsDuFormulaire(champs).filter((c) => !pareil(a.champs[c.nom], b.champs[c.nom]));

export const geometrieDiffere = (a: Saisie, b: Saisie): boolean => !pareil(a.geometrie, b.geometrie);
