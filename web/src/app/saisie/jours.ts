/** Days and instants as people type them in French, and as the server writes them. */

export type DefautJour = 'date' | 'instant' | 'inexistante';
export type JourLu = { ok: true; valeur: string } | { ok: false; defaut: DefautJour };

const deux = (n: number): string => String(n).padStart(2, '0');
const SEPARES = /^(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4})$/;
const SERRES = /^(\d{2})(\d{2})(\d{4})$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^(.*\d{4})(?:\s+|\s*à\s*)(\d{1,2})\s*[:h]\s*(\d{2})?$/i;
const INSTANT_ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** Day, month and year of a text, whether or not they exist together. */
function parties(texte: string): [number, number, number] | null {
  const francais = SEPARES.exec(texte) ?? SERRES.exec(texte);
  if (francais) return [Number(francais[1]), Number(francais[2]), Number(francais[3])];
  const iso = ISO.exec(texte);
  return iso ? [Number(iso[3]), Number(iso[2]), Number(iso[1])] : null;
}

/** `28/11/2026`, `28112026` or `2026-11-28` read as `2026-11-28`; a day that does not exist is never another one. */
export function lireJourSaisi(texte: string): JourLu {
  const lues = parties(texte.trim());
  if (lues === null) return { ok: false, defaut: 'date' };
  const [jour, mois, annee] = lues;
  const date = new Date(Date.UTC(annee, mois - 1, jour));
  if (date.getUTCFullYear() !== annee || date.getUTCMonth() !== mois - 1 || date.getUTCDate() !== jour) return { ok: false, defaut: 'inexistante' };
  return { ok: true, valeur: `${String(annee).padStart(4, '0')}-${deux(mois)}-${deux(jour)}` };
}

/** `28/11/2026 14:30`, where the reader is, read as an instant in universal time; one of the server's stays as it is. */
export function lireInstantSaisi(texte: string): JourLu {
  const net = texte.trim();
  if (INSTANT_ISO.test(net)) return Number.isNaN(Date.parse(net)) ? { ok: false, defaut: 'inexistante' } : { ok: true, valeur: net };
  const [, jour, heures, minutes = '00'] = INSTANT.exec(net) ?? [];
  if (jour === undefined || heures === undefined) return { ok: false, defaut: 'instant' };
  const lu = lireJourSaisi(jour);
  if (!lu.ok) return lu.defaut === 'date' ? { ok: false, defaut: 'instant' } : lu;
  const [annee = 0, mois = 1, quantieme = 1] = lu.valeur.split('-').map(Number);
  const date = new Date(annee, mois - 1, quantieme, Number(heures), Number(minutes));
  // An hour that the clock skips, or that no day has, is another one.
  if (date.getHours() !== Number(heures) || date.getMinutes() !== Number(minutes) || date.getDate() !== quantieme) return { ok: false, defaut: 'inexistante' };
  return { ok: true, valeur: `${date.toISOString().slice(0, 19)}Z` };
}

export type GenreDate = 'date' | 'instant';

export const lireDateSaisie = (genre: GenreDate, texte: string): JourLu => (genre === 'date' ? lireJourSaisi(texte) : lireInstantSaisi(texte));

/** How a field shows a value; a text that is none is shown as it was typed. */
export function montrerDate(genre: GenreDate, valeur: string): string {
  if (genre === 'date') {
    const iso = ISO.exec(valeur);
    return iso ? `${iso[3] ?? ''}/${iso[2] ?? ''}/${iso[1] ?? ''}` : valeur;
  }
  if (!INSTANT_ISO.test(valeur)) return valeur;
  const d = new Date(valeur);
  if (Number.isNaN(d.getTime())) return valeur;
  return `${deux(d.getDate())}/${deux(d.getMonth() + 1)}/${String(d.getFullYear()).padStart(4, '0')} ${deux(d.getHours())}:${deux(d.getMinutes())}`;
}

/** Today where the reader is, as an ISO civil date. */
export function aujourdHui(): string {
  const d = new Date();
  const deux = (n: number): string => String(n).padStart(2, '0');
  return `${String(d.getFullYear())}-${deux(d.getMonth() + 1)}-${deux(d.getDate())}`;
}
