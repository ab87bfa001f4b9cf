/** A draft put back over the row as it is now: nothing of what others saved since is overwritten unasked. */
import type { ChampSchema } from '../api/types';
import { estPersonnel } from '../personnel/champs';
import type { Brouillon } from './brouillons';
import { conflitDe, fusionner, GEOMETRIE, type Conflit } from './fusion';
import { champsDifferents, estModifiee, type Saisie } from './valeurs';

export interface Remise {
  saisie: Saisie;
  /** Instant of the draft, null when it brings nothing. */
  restaure: number | null;
  /** Labels of personal fields that were written and that the browser does not keep. */
  tus: readonly string[];
  /** Set where others changed what the draft changes: what it was typed over, and what is to be chosen. */
  dispute: Dispute | null;
}

export interface Dispute {
  /** The form the draft was typed over, and the version of its row. */
  origine: Saisie;
  version: number | null;
  conflit: Conflit;
}

/** What is in the record's key of a draft: the row, or what a new one begins with, so that each parent has its own. */
export function sujetBrouillon(champs: readonly ChampSchema[], id: string | null, avec: Readonly<Record<string, string>>): string {
  if (id !== null) return id;
  // A key is read by who opens the browser's store: nothing personal is in it.
  const dits = new Set(champs.filter((c) => !estPersonnel(c)).map((c) => c.nom));
  const donnes = Object.entries(avec).filter(([nom]) => dits.has(nom)).sort(([a], [b]) => (a < b ? -1 : 1));
  return ['nouvelle', ...donnes.map(([nom, valeur]) => `${nom}:${encodeURIComponent(valeur)}`)].join('/');
}

/** Personal fields stay out of the browser's store: a shared computer would keep them. */
export function gardable(champs: readonly ChampSchema[], saisie: Saisie): Saisie {
  const tus = new Set(champs.filter(estPersonnel).map((c) => c.nom));
  return { ...saisie, champs: Object.fromEntries(Object.entries(saisie.champs).filter(([nom]) => !tus.has(nom))) };
}

/** Personal fields that were written: a draft keeps their labels alone. */
export const nonGardes = (champs: readonly ChampSchema[], base: Saisie, saisie: Saisie): ChampSchema[] => champsDifferents(champs, base, saisie).filter(estPersonnel);

const surDepart = (depart: Saisie, gardee: Saisie): Saisie => ({ ...gardee, champs: { ...depart.champs, ...gardee.champs } });

/** The draft of a new row: what its link brings is the link's, whatever the draft says. */
export function remettreNeuve(brouillon: Brouillon, depart: Saisie, avec: Readonly<Record<string, string>>): Remise {
  const ici = surDepart(depart, brouillon.saisie);
  const donnes = Object.entries(depart.champs).filter(([nom]) => avec[nom] !== undefined);
  const saisie: Saisie = { ...ici, champs: { ...ici.champs, ...Object.fromEntries(donnes) } };
  return { saisie, ...apport(brouillon, saisie, depart), dispute: null };
}

/** The draft of a row: of what both changed, the draft's words are shown and the choice is asked. */
export function remettreSur(champs: readonly ChampSchema[], brouillon: Brouillon, depart: Saisie, version: number): Remise {
  const origine = surDepart(depart, brouillon.base);
  const ici = surDepart(depart, brouillon.saisie);
  const tous = new Set([...champs.map((c) => c.nom), GEOMETRIE]);
  const saisie = fusionner(champs, origine, ici, depart, tous);
  const conflit = conflitDe(champs, origine, saisie, depart);
  const dispute = brouillon.version !== version && enJeu(conflit) ? { origine, version: brouillon.version, conflit } : null;
  return { saisie, ...apport(brouillon, saisie, depart), dispute };
}

/** Whether anything is to be chosen. */
export const enJeu = ({ champs, geometrie }: Conflit): boolean => champs.length > 0 || geometrie;

function apport({ le, tus }: Brouillon, saisie: Saisie, depart: Saisie): Pick<Remise, 'restaure' | 'tus'> {
  const restaure = estModifiee(saisie, depart) || tus.length > 0 ? le : null;
  return { restaure, tus: restaure === null ? [] : tus };
}
