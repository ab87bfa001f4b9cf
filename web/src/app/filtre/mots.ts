/** Cuts CQL2 text into words: names, literals, signs. */

export type Mot =
  | { genre: 'nom'; texte: string }
  /** A name between quotes: never a word of the language. */
  | { genre: 'cite'; texte: string }
  | { genre: 'texte'; texte: string }
  | { genre: 'nombre'; texte: string }
  | { genre: 'signe'; texte: string };

/** Longest text read; a longer one is shown as text only. */
const MAX = 16_000;

const FORMES: readonly [Mot['genre'], RegExp][] = [
  ['texte', /'((?:[^']|'')*)'/y],
  ['cite', /"((?:[^"]|"")*)"/y],
  ['nombre', /-?\d+(?:\.\d+)?/y],
  ['nom', /[\p{L}_][\p{L}\p{N}_.]*/uy],
  ['signe', /<>|<=|>=|[=<>(),+-]/y],
];

/** The words of a text; null when it holds anything else. */
export function couper(source: string): Mot[] | null {
  if (source.length > MAX) return null;
  const mots: Mot[] = [];
  let at = 0;
  while (at < source.length) {
    const blanc = /\s+/y;
    blanc.lastIndex = at;
    if (blanc.test(source)) {
      at = blanc.lastIndex;
      continue;
    }
    let lu: Mot | null = null;
    for (const [genre, forme] of FORMES) {
      forme.lastIndex = at;
      const found = forme.exec(source);
      if (!found) continue;
      const brut = found[1] ?? found[0];
      lu = { genre, texte: genre === 'texte' ? brut.replace(/''/g, "'") : genre === 'cite' ? brut.replace(/""/g, '"') : brut };
      at = forme.lastIndex;
      break;
    }
    if (!lu) return null;
    mots.push(lu);
  }
  return mots;
}
