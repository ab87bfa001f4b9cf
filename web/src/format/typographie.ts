/** How French is printed, whoever wrote it. */

/**
 * An apostrophe between letters is the curved one: the other is a mark of programs, as in `'oui'`. Inside quotes, spaces do
 * not break.
 */
export const typographier = (texte: string): string => texte.replace(/(?<=\p{L})'(?=[\p{L}\d«])/gu, '’').replace(/« /g, '«\u00a0').replace(/ »/g, '\u00a0»');

/** Keys of answers that hold words to be shown, and nothing that anybody typed. */
const MOTS: ReadonlySet<string> = new Set(['libelle', 'pluriel', 'aide', 'description']);

/** The same answer, the words of its labels as they are printed. */
export function typographierLibelles<T>(valeur: T): T {
  if (Array.isArray(valeur)) return valeur.map((v: unknown) => typographierLibelles(v)) as T;
  if (typeof valeur !== 'object' || valeur === null) return valeur;
  const lus = Object.entries(valeur).map(([cle, v]: [string, unknown]): [string, unknown] => [cle, typeof v === 'string' && MOTS.has(cle) ? typographier(v) : typographierLibelles(v)]);
  return Object.fromEntries(lus) as T;
}
