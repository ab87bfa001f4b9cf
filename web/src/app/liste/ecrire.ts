/** A value as one line of text, for a cell, an announcement, a side of a conflict. */
import { formatDate, formatHeure } from '../../format/nombres';
import type { ChampSchema, Fiche, Valeur } from '../api/types';
import { ecrireMontant, ecrireNombre, sansZeros } from '../saisie/nombres';

const court = new Intl.DateTimeFormat('fr-FR', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' });

/** `28/11/2026` of an ISO civil date; the text itself when it is none. */
export function formatJour(iso: string): string {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? iso : court.format(date);
}

export interface MotsValeur {
  oui: string;
  non: string;
}

function libelleDe(champ: ChampSchema, valeur: Valeur, libelle: string | string[] | undefined): string {
  // Several rows are counted: their names are asked where there is room for them.
  if (Array.isArray(valeur)) return Array.isArray(libelle) ? libelle.join(', ') : String(valeur.length);
  if (typeof libelle === 'string') return libelle;
  return champ.codes?.find((c) => c.code === valeur)?.libelle ?? String(valeur);
}

/** The value of a field in words; empty when there is none. `long` spells dates out. */
export function ecrireValeur(champ: ChampSchema, valeur: Valeur | undefined, libelle: string | string[] | undefined, mots: MotsValeur, long = false): string {
  if (valeur === null || valeur === undefined || valeur === '' || (Array.isArray(valeur) && valeur.length === 0)) return '';
  switch (champ.genre) {
    case 'entier':
      return champ.format === 'annee' ? String(valeur) : ecrireNombre(String(valeur));
    case 'decimal':
      return ecrireNombre(sansZeros(String(valeur)));
    case 'montant':
      return ecrireMontant(String(valeur));
    case 'date':
      return long ? formatDate(String(valeur)) : formatJour(String(valeur));
    case 'instant':
      return formatHeure(String(valeur));
    case 'booleen':
      return valeur === true ? mots.oui : mots.non;
    case 'code':
    case 'reference':
    case 'references':
    case 'fichier':
      return libelleDe(champ, valeur, libelle);
    case 'riche':
      return String(valeur).replace(/<[^>]*>/g, ' ').replace(/&nbsp;/g, ' ').replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim();
    default:
      return String(valeur);
  }
}

export const ecrireChamp = (champ: ChampSchema, { champs, libelles }: Fiche, mots: MotsValeur, long = false): string =>
  ecrireValeur(champ, champs[champ.nom], libelles[champ.nom], mots, long);

/** Numbers are set at the right, their digits one under the other. */
export const estNombre = ({ genre }: ChampSchema): boolean => genre === 'entier' || genre === 'decimal' || genre === 'montant';
