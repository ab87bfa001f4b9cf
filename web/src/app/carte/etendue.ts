/** The box around a geometry, in degrees. */
import type { Geometry } from 'geojson';
import type { Etendue } from '../../api/types';

/** About ten metres around a point: enough to see where it lies. */
const MARGE = 0.0001;

function visiter(valeur: unknown, voir: (x: number, y: number) => void): void {
  if (!Array.isArray(valeur)) return;
  const [x, y] = valeur as unknown[];
  if (typeof x === 'number' && typeof y === 'number') voir(x, y);
  else for (const enfant of valeur as unknown[]) visiter(enfant, voir);
}

/** Null for a geometry without any point. */
export function etendueDe(geometrie: Geometry): Etendue | null {
  let boite: Etendue | null = null;
  const voir = (x: number, y: number): void => {
    boite = boite === null ? [x, y, x, y] : [Math.min(boite[0], x), Math.min(boite[1], y), Math.max(boite[2], x), Math.max(boite[3], y)];
  };
  const parties = geometrie.type === 'GeometryCollection' ? geometrie.geometries : [geometrie];
  for (const partie of parties) if ('coordinates' in partie) visiter(partie.coordinates, voir);
  const lue = boite as Etendue | null;
  return lue === null ? null : [lue[0] - MARGE, lue[1] - MARGE, lue[2] + MARGE, lue[3] + MARGE];
}
