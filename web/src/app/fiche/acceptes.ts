/** Files that may be attached: the bounds and kinds of the server, said before a file is sent. */

/** Largest file, MiB. */
export const MAX_MIO = 20;
/** Files of a row. */
export const MAX_FICHIERS = 50;

const EXTENSIONS = ['pdf', 'png', 'jpg', 'jpeg', 'webp', 'csv', 'txt', 'odt', 'ods', 'docx', 'xlsx'] as const;

/** For the browser's own dialog. */
export const ACCEPTES = EXTENSIONS.map((e) => `.${e}`).join(',');

export type DefautFichier = 'genre' | 'long' | 'vide';

/** Why a file would be refused, before it is sent; null when it may be. The server looks inside besides. */
export function defautFichier({ name, size }: Pick<File, 'name' | 'size'>): DefautFichier | null {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (!EXTENSIONS.some((e) => e === extension)) return 'genre';
  if (size > MAX_MIO * 1024 * 1024) return 'long';
  return size === 0 ? 'vide' : null;
}
