import { useEffect, useRef } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Map as MapLibre } from 'maplibre-gl';
import { cadreQuery } from '../api/requetes';
import type { Demande, Etendue, Objet } from '../api/types';
import { getAdresse } from '../url/useAdresse';
import { etendueDe } from './etendue';

/** Room left around what is framed, pixels, and the closest that a single row is framed. */
const MARGE_PX = 60;
const ZOOM_MAX = 19;
/** Share of the map that its legend may take of the frame. */
const PART_MAX = 0.55;

const seCoupent = (a: Etendue, b: Etendue): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

function vueDe(map: MapLibre): Etendue {
  const b = map.getBounds();
  return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()];
}

/** Pixels at the bottom that the legend covers; the plain margin where it would leave too little of the map. */
function basDe(map: MapLibre): number {
  const cadre = map.getContainer();
  const legende = cadre.parentElement?.querySelector('.legende-objets[open]');
  const couvert = legende ? cadre.getBoundingClientRect().bottom - legende.getBoundingClientRect().top + MARGE_PX / 4 : 0;
  return couvert > cadre.clientHeight * PART_MAX ? MARGE_PX : Math.max(MARGE_PX, couvert);
}

interface Cadre {
  objet: Objet;
  demande: Demande;
  /** Lowest zoom at which rows are drawn. */
  zoomMin: number;
  /** False where the map frames something else: the sheet of one row. */
  actif: boolean;
  doux: boolean;
}

/**
 * Frames the rows of the list when it is opened, and again when another question is asked of it; a place that the address
 * gives is kept as long as it shows some of them.
 */
export function useCadreListe(map: MapLibre | null, { objet, demande, zoomMin, actif, doux }: Cadre): void {
  const question = JSON.stringify({ ...demande, bbox: null });
  const suivie = actif && objet.geometrie !== null && demande.bbox === null;
  const { data, isPlaceholderData } = useQuery({ ...cadreQuery(objet.module, objet.objet, demande), enabled: suivie });
  const cadree = useRef<string | null>(null);
  const etendue = data?.etendue ?? null;
  const premiere = data?.fiches[0]?.geometrie ?? null;
  useEffect(() => {
    if (!map || !suivie || etendue === null || isPlaceholderData || cadree.current === question) return;
    const ouverture = cadree.current === null;
    cadree.current = question;
    if (ouverture && getAdresse().vue !== null && map.getZoom() >= zoomMin && seCoupent(vueDe(map), etendue)) return;
    const [w, s, e, n] = etendue;
    const padding = { top: MARGE_PX, left: MARGE_PX / 2, right: MARGE_PX, bottom: basDe(map) };
    const vise = map.cameraForBounds([w, s, e, n], { padding, maxZoom: ZOOM_MAX });
    // Rows too far from one another to be drawn together: the first of them, as near as it takes.
    const seule = premiere === null ? null : etendueDe(premiere);
    if (vise && (vise.zoom ?? 0) < zoomMin && seule) map.jumpTo({ center: [(seule[0] + seule[2]) / 2, (seule[1] + seule[3]) / 2], zoom: zoomMin });
    else map.fitBounds([w, s, e, n], { padding, maxZoom: ZOOM_MAX, animate: doux && !ouverture, duration: 600, linear: false });
  }, [map, suivie, etendue, premiere, isPlaceholderData, question, zoomMin, doux]);
}
