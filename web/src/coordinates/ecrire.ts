/** A place written in a coordinate system: to be read, and to be pasted elsewhere. */
import type { Position } from '../api/types';
import { formatPosition } from '../format/nombres';
import { WGS84, type Systeme } from './systemes';

export interface Coordonnees {
  /** `46,123456° N, 2,345678° E`, or `E 831 460,80 N 6 288 130,69`. */
  texte: string;
  /** `46.123456, 2.345678` (latitude first), or `831460.80 6288130.69`: what the search box reads back. */
  copie: string;
}

/** Centimetres: finer than any screen points. */
const metres = new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** `projeter` is null while it is being loaded: degrees stand in. */
export function ecrireCoordonnees(
  place: Position,
  systeme: Systeme,
  projeter: ((place: Position, srid: number) => [number, number] | null) | null,
): Coordonnees {
  const projete = systeme.srid === WGS84.srid ? null : (projeter?.(place, systeme.srid) ?? null);
  if (!projete) return { texte: formatPosition(place), copie: `${place[1].toFixed(6)}, ${place[0].toFixed(6)}` };
  const [est, nord] = projete;
  return { texte: `E ${metres.format(est)}  N ${metres.format(nord)}`, copie: `${est.toFixed(2)} ${nord.toFixed(2)}` };
}
