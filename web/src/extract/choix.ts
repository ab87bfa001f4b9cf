/** What can be chosen of an extract, and the address that makes it. */

export interface ChoixExtrait {
  format: 'A4' | 'A3';
  /** Null: the one that suits the parcels. */
  orientation: 'portrait' | 'paysage' | null;
  /** Denominator; null: the largest scale that holds them. */
  echelle: number | null;
}

export const CHOIX_INITIAL: ChoixExtrait = { format: 'A4', orientation: null, echelle: null };

/** Denominators of the scales of an extract. */
export const ECHELLES = [200, 250, 500, 1000, 1250, 2000, 2500, 5000] as const;

/** More parcels are not one plan but several. */
export const MAX_PLAN = 50;

function query({ format, orientation, echelle }: ChoixExtrait): string[] {
  return [
    ...(format === CHOIX_INITIAL.format ? [] : [`format=${format}`]),
    ...(orientation === null ? [] : [`orientation=${orientation}`]),
    ...(echelle === null ? [] : [`echelle=${String(echelle)}`]),
  ];
}

const withQuery = (path: string, parts: readonly string[]): string => (parts.length > 0 ? `${path}?${parts.join('&')}` : path);

/** Address of the extract of one parcel. */
export const adresseExtrait = (idu: string, choix: ChoixExtrait): string => withQuery(`/parcelle/${encodeURIComponent(idu)}/extrait.pdf`, query(choix));

/** Address of one plan that holds several parcels. */
export const adressePlan = (idus: readonly string[], choix: ChoixExtrait): string => withQuery('/extrait.pdf', [`parcelles=${idus.join(',')}`, ...query(choix)]);
