/** Numbers as people type them in French, and as the server writes them. */

/** Spaces of all widths, that separate thousands. */
const ESPACES = /[\s\u00a0\u202f\u2009]/g;

export type Nombre = { ok: true; valeur: string | null } | { ok: false; defaut: 'forme' | 'decimales' | 'grand' };

/**
 * `1 234,50` read as `1234.50`: comma or point, spaces between thousands, a minus sign or a hyphen.
 * Empty is no number. Nothing is rounded: more decimals than `decimales` are refused.
 */
export function lireNombre(texte: string, decimales: number): Nombre {
  const net = texte.replace(ESPACES, '').replace('−', '-').replace(/€$/, '');
  if (net === '') return { ok: true, valeur: null };
  const found = /^([+-]?)(\d+)(?:[.,](\d+))?$/.exec(net);
  if (!found) return { ok: false, defaut: 'forme' };
  const [, signe = '', entiers = '', reste = ''] = found;
  const partie = entiers.replace(/^0+(?=\d)/, '');
  if (partie.length > 18) return { ok: false, defaut: 'grand' };
  // Zeros at the end say nothing more.
  const dites = reste.length > decimales ? reste.replace(/0+$/, '') : reste;
  if (dites.length > decimales) return { ok: false, defaut: 'decimales' };
  const valeur = dites === '' ? partie : `${partie}.${dites}`;
  return { ok: true, valeur: signe === '-' && /[1-9]/.test(valeur) ? `-${valeur}` : valeur };
}

/** `1 234,50` of `1234.50`: thousands by narrow spaces, the comma; exact whatever its length. */
export function ecrireNombre(valeur: string): string {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(valeur);
  if (!found) return valeur;
  const [, signe = '', entiers = '', reste] = found;
  const groupes = entiers.replace(/\B(?=(?:\d{3})+$)/g, '\u202f');
  return `${signe === '-' ? '−' : ''}${groupes}${reste === undefined ? '' : `,${reste}`}`;
}

/** The same decimal without zeros at its end: `4.0` is `4`. An amount keeps its own. */
export const sansZeros = (valeur: string): string => (valeur.includes('.') ? valeur.replace(/\.?0+$/, '') : valeur);

/** An amount in euros: two decimals, a narrow space before the sign. */
export function ecrireMontant(valeur: string): string {
  const [entiers = '0', reste = ''] = valeur.split('.');
  return `${ecrireNombre(`${entiers}.${reste.padEnd(2, '0')}`)}\u202f€`;
}
