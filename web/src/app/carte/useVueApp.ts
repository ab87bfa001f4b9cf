import { useEffect, useRef } from 'react';
import type { Map as MapLibre } from 'maplibre-gl';
import type { Etendue } from '../../api/types';
import { getAdresse, updateAdresse, useVersionNavigateur } from '../url/useAdresse';

/** The box a map shows, in degrees. */
export function etendueVue(map: MapLibre): Etendue {
  const b = map.getBounds();
  const degre = (n: number): number => Math.round(n * 1e6) / 1e6;
  return [degre(b.getWest()), degre(b.getSouth()), degre(b.getEast()), degre(b.getNorth())];
}

/** Writes where the map looks into the address, with the limit of the list when it follows the map; follows back and forward. */
export function useVueApp(map: MapLibre | null): void {
  const version = useVersionNavigateur();
  const followed = useRef(version);
  useEffect(() => {
    if (!map) return;
    const write = (): void => {
      const { lng, lat } = map.getCenter();
      const limite = getAdresse().etendue === null ? {} : { etendue: etendueVue(map) };
      updateAdresse({ vue: { zoom: map.getZoom(), lon: lng, lat }, ...limite }, 'replace');
    };
    map.on('moveend', write);
    return () => {
      map.off('moveend', write);
    };
  }, [map]);

  useEffect(() => {
    if (!map || followed.current === version) return;
    followed.current = version;
    const { vue } = getAdresse();
    if (vue) map.jumpTo({ center: [vue.lon, vue.lat], zoom: vue.zoom });
  }, [map, version]);
}
