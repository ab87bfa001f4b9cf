/** Exact decimal numbers, in units of the last of 12 decimals: what is written is what is compared. */

const DECIMALES = 12;
const CHIFFRES_ENTIERS = 18;
const UN = 10n ** BigInt(DECIMALES);
/** Most digits of a literal that is no integer: those a JSON number gives back as they were. */
const CHIFFRES_LITTERAL = 15;
const ECRIT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,12}))?$/;

/** Reads `-12.50`, `.5`, `1e3`; null when it is no number, or has more digits than are kept. */
export function lireDecimal(texte: string): bigint | null {
  const lu = ECRIT.exec(texte);
  if (lu === null) return null;
  const [, signe, entiere = '', fraction = '', exposant = '0'] = lu;
  const chiffres = entiere + fraction;
  if (chiffres === '') return null;
  const jusque = finSans(chiffres, '0');
  let debut = 0;
  while (debut < jusque && chiffres[debut] === '0') debut += 1;
  const significatifs = chiffres.slice(debut, jusque);
  if (significatifs === '') return 0n;
  // Power of ten of the last significant digit.
  const dernier = chiffres.length - jusque - fraction.length + Number(exposant);
  if (dernier < -DECIMALES || dernier + significatifs.length > CHIFFRES_ENTIERS) return null;
  const unites = BigInt(significatifs) * 10n ** BigInt(dernier + DECIMALES);
  return signe === '-' ? -unites : unites;
}

/** Length of a text without such characters at its end. */
function finSans(texte: string, caractere: string): number {
  let fin = texte.length;
  while (fin > 0 && texte[fin - 1] === caractere) fin -= 1;
  return fin;
}

/** Of an integer. */
export const decimalEntier = (entier: bigint): bigint => entier * UN;

/** The integer it is; null when it has decimals. */
export const entierDe = (decimal: bigint): bigint | null => (decimal % UN === 0n ? decimal / UN : null);

/** `12.5`, without zeros at the end. */
export function ecrireDecimal(decimal: bigint): string {
  const positif = decimal < 0n ? -decimal : decimal;
  const fraction = (positif % UN).toString().padStart(DECIMALES, '0');
  const decimales = fraction.slice(0, finSans(fraction, '0'));
  return `${decimal < 0n ? '-' : ''}${(positif / UN).toString()}${decimales === '' ? '' : `.${decimales}`}`;
}

/**
 * A number of the tree; null when it may not be one, or when JavaScript has already rounded it: a whole number that
 * `number` does not hold comes as a `bigint` or not at all.
 */
export function lireLitteral(nombre: number | bigint): bigint | null {
  if (typeof nombre === 'bigint' || Number.isInteger(nombre)) {
    return typeof nombre === 'bigint' || Number.isSafeInteger(nombre) ? lireDecimal(nombre.toString()) : null;
  }
  const decimal = lireDecimal(String(nombre));
  if (decimal === null) return null;
  const chiffres = (decimal < 0n ? -decimal : decimal).toString();
  return finSans(chiffres, '0') <= CHIFFRES_LITTERAL ? decimal : null;
}
