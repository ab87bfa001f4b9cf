/** Attached files that a browser shows as pictures. */
import type { Joint } from '../api/types';

const GENRES: readonly string[] = ['image/jpeg', 'image/png', 'image/webp'];

/** A picture is sent whole to be shown small: heavier ones, in octets, are only downloaded. */
const MAX_MONTREE = 8 * 1024 * 1024;

export const seMontre = ({ type, octets }: Pick<Joint, 'type' | 'octets'>): boolean => GENRES.includes(type) && octets <= MAX_MONTREE;

/** The same where only the name is known; the server looked inside before it kept the file. */
export const seNommeImage = (nom: string): boolean => /\.(jpe?g|png|webp)$/i.test(nom);
