import { useEffect, useRef } from 'react';
import type { Map as MapLibre } from 'maplibre-gl';
import { getEtat, updateEtat, useVersionNavigateur } from '../url/useEtat';
import type { Etendue } from '../api/types';

const doux = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Writes where the map looks into the address, and follows the back and forward buttons. */
export function useVue(map: MapLibre | null): void {
  const version = useVersionNavigateur();
  const followed = useRef(version);

  useEffect(() => {
    if (!map) return;
    const write = (): void => {
      const { lng, lat } = map.getCenter();
      updateEtat({ vue: { zoom: map.getZoom(), lon: lng, lat } }, 'replace');
    };
    map.on('moveend', write);
    // The first view is not a move: it is written too, so that the address says it at once.
    if (!getEtat().vue) write();
    return () => {
      map.off('moveend', write);
    };
  }, [map]);

  useEffect(() => {
    if (!map || followed.current === version) return;
    followed.current = version;
    const { vue } = getEtat();
    if (vue) map.jumpTo({ center: [vue.lon, vue.lat], zoom: vue.zoom });
  }, [map, version]);
}

/** A place to show, asked by the search or the sheet; `numero` tells two same requests apart. */
export interface Cadrage {
  numero: number;
  etendue: Etendue;
  /** Only when the place is out of sight. */
  siHorsVue?: boolean;
}

function marges(): { top: number; right: number; bottom: number; left: number } {
  const box = document.querySelector('[data-panneau="fiche"]')?.getBoundingClientRect();
  // The panel stands at the side, or lies across the bottom of a narrow screen.
  const large = box !== undefined && box.width < window.innerWidth * 0.6;
  return {
    top: 70,
    right: 60,
    left: large ? box.width + 40 : 40,
    bottom: !large && box ? box.height + 30 : 60,
  };
}

/** Brings the asked place into view, beside the open panel. */
export function useCadrage(map: MapLibre | null, cadrage: Cadrage | null): void {
  const done = useRef(0);

  useEffect(() => {
    if (!map || !cadrage || done.current === cadrage.numero) return;
    done.current = cadrage.numero;
    const [w, s, e, n] = cadrage.etendue;
    if (cadrage.siHorsVue) {
      const bounds = map.getBounds();
      if (bounds.contains([w, s]) && bounds.contains([e, n])) return;
    }
    const padding = marges();
    const { clientWidth, clientHeight } = map.getContainer();
    const fits = padding.left + padding.right < clientWidth - 60 && padding.top + padding.bottom < clientHeight - 60;
    map.fitBounds([w, s, e, n], { padding: fits ? padding : 20, maxZoom: 19, animate: doux(), duration: 600, linear: false });
  }, [map, cadrage]);
}
