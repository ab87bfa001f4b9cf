/** Civil days, instants and durations; days are julian, so that a date moved beyond the calendar still compares. */

/** Years, months and days counted together: how far a date moves, months first. */
export interface Deplacement {
  mois: number;
  jours: number;
}

export type Unite = 'years' | 'months' | 'days';

const ANNEES_AU_PLUS = 1000;
const MICROS_PAR_SECONDE = 1_000_000n;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const DUREE = /^P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?$/;

/** The day of `2026-06-15`; null when it is no date of the years 1 to 9999. */
export function lireJour(texte: string): number | null {
  const lu = DATE.exec(texte);
  if (lu === null) return null;
  const [annee, mois, jour] = [Number(lu[1]), Number(lu[2]), Number(lu[3])];
  const sain = annee >= 1 && mois >= 1 && mois <= 12 && jour >= 1 && jour <= longueurDuMois(annee, mois);
  return sain ? jourJulien(annee, mois, jour) : null;
}

/** Writes what `lireJour` reads; null beyond the years 1 to 9999. */
export function ecrireJour(jour: number): string | null {
  // Years run from March, so that the leap day is the last; the day is counted from 1 March of year 0.
  const depuis = jour - jourJulien(0, 3, 1);
  const ere = Math.floor(depuis / 146_097);
  const dansEre = depuis - ere * 146_097;
  const anneeEre = Math.floor(
    (dansEre - Math.floor(dansEre / 1460) + Math.floor(dansEre / 36_524) - Math.floor(dansEre / 146_096)) / 365,
  );
  const dansAnnee = dansEre - (365 * anneeEre + Math.floor(anneeEre / 4) - Math.floor(anneeEre / 100));
  const depuisMars = Math.floor((5 * dansAnnee + 2) / 153);
  const jourDuMois = dansAnnee - Math.floor((153 * depuisMars + 2) / 5) + 1;
  const mois = depuisMars < 10 ? depuisMars + 3 : depuisMars - 9;
  const annee = anneeEre + ere * 400 + (mois <= 2 ? 1 : 0);
  if (annee < 1 || annee > 9999) return null;
  return `${chiffres(annee, 4)}-${chiffres(mois, 2)}-${chiffres(jourDuMois, 2)}`;
}

/** Microseconds, on an axis of their own, of an instant of RFC 3339; finer than that is left out. */
export function lireInstant(texte: string): bigint | null {
  const lu = INSTANT.exec(texte);
  if (lu === null) return null;
  const jour = lireJour(lu[1] ?? '');
  const [heure, minute, seconde] = [Number(lu[2]), Number(lu[3]), Number(lu[4])];
  const [decalageHeures, decalageMinutes] = [Number(lu[7] ?? 0), Number(lu[8] ?? 0)];
  if (jour === null || heure > 23 || minute > 59 || seconde > 59 || decalageHeures > 23 || decalageMinutes > 59) {
    return null;
  }
  const decalage = (lu[6] === '-' ? -1 : 1) * (decalageHeures * 60 + decalageMinutes);
  const secondes = jour * 86_400 + heure * 3600 + (minute - decalage) * 60 + seconde;
  return BigInt(secondes) * MICROS_PAR_SECONDE + BigInt((lu[5] ?? '').padEnd(6, '0').slice(0, 6));
}

/** The same of a literal: in universal time, to the microsecond. */
export function lireInstantLitteral(texte: string): bigint | null {
  return texte.endsWith('Z') && !/\.\d{6}\d*[1-9]/.test(texte) ? lireInstant(texte) : null;
}

/** `2026-06-15T08:30:00.5Z`; null beyond the years 1 to 9999. */
export function ecrireInstant(micros: bigint): string | null {
  const total = micros / MICROS_PAR_SECONDE;
  const jour = ecrireJour(Number(total / 86_400n));
  if (jour === null) return null;
  const secondes = Number(total % 86_400n);
  const heure = `${chiffres(Math.floor(secondes / 3600), 2)}:${chiffres(Math.floor(secondes / 60) % 60, 2)}:${chiffres(secondes % 60, 2)}`;
  const fraction = chiffres(Number(micros % MICROS_PAR_SECONDE), 6).replace(/0+$/, '');
  return `${jour}T${heure}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** How far `P1Y2M15D` moves; null when it is no duration of at most 1,000 years. */
export function lireDuree(texte: string): Deplacement | null {
  const lu = DUREE.exec(texte);
  if (lu === null || texte === 'P') return null;
  const [annees, mois, jours] = [Number(lu[1] ?? 0), Number(lu[2] ?? 0), Number(lu[3] ?? 0)];
  const total = annees * 12 + mois;
  return total <= ANNEES_AU_PLUS * 12 && jours <= ANNEES_AU_PLUS * 366 ? { mois: total, jours } : null;
}

const PAR_UNITE: Readonly<Record<Unite, { auPlus: number; mois: number; jours: number }>> = {
  years: { auPlus: ANNEES_AU_PLUS, mois: 12, jours: 0 },
  months: { auPlus: ANNEES_AU_PLUS * 12, mois: 1, jours: 0 },
  days: { auPlus: ANNEES_AU_PLUS * 366, mois: 0, jours: 1 },
};

export const estUnite = (nom: string): nom is Unite => Object.hasOwn(PAR_UNITE, nom);

/** How far that many units move; null beyond the bounds of a duration. */
export function compter(unite: Unite, compte: bigint): Deplacement | null {
  const { auPlus, mois, jours } = PAR_UNITE[unite];
  if (compte > BigInt(auPlus) || compte < -BigInt(auPlus)) return null;
  return { mois: mois * Number(compte), jours: jours * Number(compte) };
}

/** A day moved: months first, the day cut to the end of its month, then days. */
export function deplacer(jour: number, sens: 1 | -1, de: Deplacement): number | null {
  const ecrit = ecrireJour(jour);
  if (ecrit === null) return null;
  const [annee, mois, jourDuMois] = ecrit.split('-').map(Number) as [number, number, number];
  const total = annee * 12 + mois - 1 + sens * de.mois;
  const anneeFinale = Math.floor(total / 12);
  const moisFinal = total - anneeFinale * 12 + 1;
  return jourJulien(anneeFinale, moisFinal, Math.min(jourDuMois, longueurDuMois(anneeFinale, moisFinal))) + sens * de.jours;
}

function longueurDuMois(annee: number, mois: number): number {
  if (mois === 2) return annee % 4 === 0 && (annee % 100 !== 0 || annee % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(mois) ? 30 : 31;
}

/** Of a day of the Gregorian calendar, carried back before it was in use. */
function jourJulien(annee: number, mois: number, jour: number): number {
  const depuisMars = (mois + 9) % 12;
  const an = mois <= 2 ? annee - 1 : annee;
  const bissextiles = Math.floor(an / 4) - Math.floor(an / 100) + Math.floor(an / 400);
  return 365 * an + bissextiles + Math.floor((153 * depuisMars + 2) / 5) + jour + 1_721_119;
}

const chiffres = (nombre: number, largeur: number): string => String(nombre).padStart(largeur, '0');
