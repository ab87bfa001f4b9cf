/** Order of the table's lines, and its totals. */
import type { ParcelleChoisie } from '../api/types';

export type Colonne = 'reference' | 'contenance' | 'surface';

const compare: Record<Colonne, (a: ParcelleChoisie, b: ParcelleChoisie) => number> = {
  // The identifier sorts as the cadastre does: commune, prefix, section, number.
  reference: (a, b) => (a.idu < b.idu ? -1 : a.idu > b.idu ? 1 : 0),
  contenance: (a, b) => (a.contenance_m2 ?? -1) - (b.contenance_m2 ?? -1),
  surface: (a, b) => a.surface_m2 - b.surface_m2,
};

/** Lines in order; equal ones keep the cadastre's. */
export function trier(parcelles: readonly ParcelleChoisie[], colonne: Colonne, sens: 'ascending' | 'descending'): ParcelleChoisie[] {
  const signe = sens === 'ascending' ? 1 : -1;
  return parcelles.toSorted((a, b) => signe * compare[colonne](a, b) || compare.reference(a, b));
}

export interface Totaux {
  nombre: number;
  /** m², of the parcels whose contenance is known. */
  contenance_m2: number;
  sans_contenance: number;
  /** m² on the plan. */
  surface_m2: number;
}

export const totaliser = (parcelles: readonly ParcelleChoisie[]): Totaux => ({
  nombre: parcelles.length,
  contenance_m2: parcelles.reduce((somme, p) => somme + (p.contenance_m2 ?? 0), 0),
  sans_contenance: parcelles.filter((p) => p.contenance_m2 === null).length,
  surface_m2: parcelles.reduce((somme, p) => somme + p.surface_m2, 0),
});
