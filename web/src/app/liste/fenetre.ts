/** Which rows of a very long list are drawn, from how far it is scrolled. */

/** Height of a row, pixels: the style sheet says the same. */
export const HAUTEUR_LIGNE = 34;
/** Browsers cap the height of an element, Firefox the lowest near 17.8 million pixels. */
export const HAUTEUR_MAX = 15_000_000;
/** Rows drawn above and below what is seen. */
const MARGE = 8;

export interface Fenetre {
  /** Ranks drawn, the last one excluded. */
  premier: number;
  dernier: number;
  /** Ranks that are on the screen by more than half, the last one excluded. */
  vus: { premier: number; dernier: number };
  /** Distance of the first drawn row to the top of the list, pixels. */
  haut: number;
  /** Height of the whole list, pixels. */
  hauteur: number;
}

const borner = (n: number, min: number, max: number): number => Math.min(Math.max(n, min), Math.max(min, max));

/** Height of a list of `total` rows: squeezed where a browser could not hold it. */
export const hauteurDe = (total: number): number => Math.min(total * HAUTEUR_LIGNE, HAUTEUR_MAX);

/** Rank at the top of a list scrolled by `defile` pixels, not whole: rows pass little by little. */
function rangEn(defile: number, total: number, vue: number): number {
  const hauteur = hauteurDe(total);
  if (hauteur <= vue) return 0;
  return (defile / (hauteur - vue)) * Math.max(0, total - vue / HAUTEUR_LIGNE);
}

export function fenetreDe(total: number, defile: number, vue: number): Fenetre {
  const hauteur = hauteurDe(total);
  const bas = borner(defile, 0, hauteur - vue);
  const rang = rangEn(bas, total, vue);
  const premier = borner(Math.floor(rang) - MARGE, 0, total);
  const dernier = borner(Math.ceil(rang + vue / HAUTEUR_LIGNE) + MARGE, premier, total);
  const vuPremier = borner(Math.round(rang), 0, total);
  const vus = { premier: vuPremier, dernier: borner(Math.round(rang + vue / HAUTEUR_LIGNE), vuPremier, total) };
  return { premier, dernier, vus, haut: bas - (rang - premier) * HAUTEUR_LIGNE, hauteur };
}

/** How far to scroll so that a row is seen whole; the distance of now when it is already. */
export function defilementVers(rang: number, total: number, defile: number, vue: number): number {
  const hauteur = hauteurDe(total);
  if (hauteur <= vue) return 0;
  const vues = vue / HAUTEUR_LIGNE;
  const haut = rangEn(borner(defile, 0, hauteur - vue), total, vue);
  const voulu = rang < haut ? rang : rang + 1 > haut + vues ? rang + 1 - vues : null;
  if (voulu === null) return defile;
  return borner((voulu / Math.max(1, total - vues)) * (hauteur - vue), 0, hauteur - vue);
}
