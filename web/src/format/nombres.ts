/** Numbers, areas and dates as they are written in French. */

const LOCALE = 'fr-FR';
/** Narrow no-break space: what French typography puts before a unit or a high sign. */
const FINE = '\u202f';

const entier = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const decimal1 = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const decimal2 = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const degres = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 6, maximumFractionDigits: 6 });
const pourcent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 });
const signe = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0, signDisplay: 'exceptZero' });

/** `1 234` */
export const formatEntier = (n: number): string => entier.format(n);

/** `1 234 m²`; one decimal under 100 m². */
export const formatSurface = (m2: number): string => `${m2 < 100 ? decimal1.format(m2) : entier.format(m2)}${FINE}m²`;

/** `+5 m²`, `−5 m²`, for the difference of two areas: a minus sign, not a hyphen. */
export const formatEcart = (m2: number): string => `${signe.format(m2).replace('-', '−')}${FINE}m²`;

/** `80 %` of a ratio between 0 and 1. */
export const formatPourcent = (ratio: number): string => pourcent.format(ratio);

/** `12,3 m`, `845 m`, `1,25 km`. */
export function formatLongueur(m: number): string {
  if (m >= 1000) return `${decimal2.format(m / 1000)}${FINE}km`;
  return `${m < 100 ? decimal1.format(m) : entier.format(m)}${FINE}m`;
}

/** A measured area: m² up to a hectare, then hectares. */
export function formatAire(m2: number): string {
  return m2 >= 10_000 ? `${decimal2.format(m2 / 10_000)}${FINE}ha` : formatSurface(m2);
}

/**
 * A contenance as the cadastre writes it: hectares, ares, centiares (1 ca = 1 m²).
 * `12 ha 03 a 45 ca`, `3 a 45 ca`, `45 ca`.
 */
export function formatContenance(m2: number): string {
  const total = Math.round(m2);
  const ha = Math.floor(total / 10_000);
  const a = Math.floor((total % 10_000) / 100);
  const ca = total % 100;
  const deux = (n: number): string => String(n).padStart(2, '0');
  if (ha > 0) return `${entier.format(ha)}${FINE}ha ${deux(a)}${FINE}a ${deux(ca)}${FINE}ca`;
  if (a > 0) return `${String(a)}${FINE}a ${deux(ca)}${FINE}ca`;
  return `${String(ca)}${FINE}ca`;
}

/** `46,123456° N, 2,345678° E` */
export function formatPosition([lon, lat]: readonly [number, number]): string {
  const ns = lat < 0 ? 'S' : 'N';
  const eo = lon < 0 ? 'O' : 'E';
  return `${degres.format(Math.abs(lat))}° ${ns}, ${degres.format(Math.abs(lon))}° ${eo}`;
}

const jour = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** `1er octobre 2026` of an ISO civil date; the text itself when it is no date. */
export function formatDate(iso: string): string {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  return jour.format(date).replace(/^1 /, '1er ');
}

const instant = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'short', timeStyle: 'short' });

/** `24/11/2026 09:30` of an ISO instant, in the reader's time; the text itself when it is none. */
export function formatHeure(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : instant.format(date);
}

/** `830 Kio`, `12,3 Mio`: powers of 1024, as the server says its bounds; a round number has no decimals. */
export function formatOctets(octets: number): string {
  const kio = octets / 1024;
  if (kio < 1024) return `${entier.format(Math.max(1, Math.ceil(kio)))}${FINE}Kio`;
  const mio = kio / 1024;
  return `${(Number.isInteger(mio) ? entier : decimal1).format(mio)}${FINE}Mio`;
}
