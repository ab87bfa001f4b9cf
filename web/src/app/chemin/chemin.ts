/** The way to a row: what the server says of it, and its line over the map. */
import { queryOptions } from '@tanstack/react-query';
import type { LineString } from 'geojson';
import type { StyleSpecification } from 'maplibre-gl';
import { getJson } from '../../api/client';
import type { components } from '../../api/openapi';
import { adresseFiche } from '../api/adresses';
import { cleFiche } from '../api/requetes';

export type Itineraire = Omit<components['schemas']['Itineraire'], 'trace'> & { trace: LineString };

export const itineraireQuery = (module: string, objet: string, id: string) =>
  queryOptions({
    queryKey: [...cleFiche(module, objet, id), 'itineraire'],
    queryFn: ({ signal }) => getJson<Itineraire>(`${adresseFiche(module, objet, id)}/itineraire`, signal),
    staleTime: 60_000,
    retry: false,
  });

/** Its line: whole where it follows alleys, dotted as the crow flies. */
export function coucheChemin({ trace, suivi }: Itineraire): StyleSpecification {
  const commun = { source: 'chemin', layout: { 'line-cap': 'round', 'line-join': 'round' } } as const;
  return {
    version: 8,
    sources: { chemin: { type: 'geojson', data: trace } },
    layers: [
      { ...commun, id: 'chemin-fond', type: 'line', paint: { 'line-color': '#ffffff', 'line-width': 8, 'line-opacity': 0.9 } },
      { ...commun, id: 'chemin-trait', type: 'line', paint: { 'line-color': '#0b5a94', 'line-width': 4, ...(suivi ? {} : { 'line-dasharray': [1, 2] }) } },
    ],
    metadata: { 'finage:groupes': [] },
  };
}
