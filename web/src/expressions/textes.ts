/** Texts by code points, as PostgreSQL orders and matches them: UTF-16 has another order and other characters. */

/** Negative, zero or positive, by code points. */
export function comparerTextes(gauche: string, droite: string): number {
  const commune = Math.min(gauche.length, droite.length);
  for (let rang = 0; rang < commune; rang += 1) {
    const [a, b] = [gauche.charCodeAt(rang), droite.charCodeAt(rang)];
    if (a !== b) return apresLesSeizeBits(a) - apresLesSeizeBits(b);
  }
  return gauche.length - droite.length;
}

/** A half of a pair stands for a code point beyond all those of one unit. */
const apresLesSeizeBits = (unite: number): number => (unite >= 0xd800 && unite <= 0xdfff ? unite + 0x10000 : unite);

const MODELE_AU_PLUS = 1000;
const TOUT = Symbol('%');
const UN_CARACTERE = Symbol('_');
type Piece = string | typeof TOUT | typeof UN_CARACTERE;

/** The pieces of a pattern of `like`; null when it is too long, or ends amid an escape. */
export function lireModele(modele: string): readonly Piece[] | null {
  const caracteres = Array.from(modele);
  if (caracteres.length > MODELE_AU_PLUS || modele.includes('\0')) return null;
  const pieces: Piece[] = [];
  for (let rang = 0; rang < caracteres.length; rang += 1) {
    const caractere = caracteres[rang] ?? '';
    if (caractere === '%') pieces.push(TOUT);
    else if (caractere === '_') pieces.push(UN_CARACTERE);
    else if (caractere !== '\\') pieces.push(caractere);
    else {
      rang += 1;
      const suivant = caracteres[rang];
      if (suivant === undefined) return null;
      pieces.push(suivant);
    }
  }
  return pieces;
}

/** Whether a whole text follows a pattern; in a time of the product of their lengths at most. */
export function suitLeModele(texte: string, pieces: readonly Piece[]): boolean {
  const caracteres = Array.from(texte);
  let [ici, piece] = [0, 0];
  // Where to take up again when what follows the last `%` does not fit: one character further.
  let reprise: { ici: number; piece: number } | null = null;
  while (ici < caracteres.length || piece < pieces.length) {
    const attendue = pieces[piece];
    if (attendue === TOUT) {
      piece += 1;
      reprise = { ici, piece };
    } else if (ici < caracteres.length && (attendue === UN_CARACTERE || attendue === caracteres[ici])) {
      ici += 1;
      piece += 1;
    } else if (ici === caracteres.length || reprise === null) {
      // The text ends before the pattern: starting further only leaves less of it.
      return false;
    } else {
      reprise.ici += 1;
      ({ ici, piece } = reprise);
    }
  }
  return true;
}
