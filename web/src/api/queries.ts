/** What the page asks the server, each with its cache key. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { StyleSpecification } from 'maplibre-gl';
import { ErreurApi, getJson } from './client';
import type { Configuration, Parcelle, Position, ReponseRecherche } from './types';

const MINUTE = 60_000;

/** A refusal is an answer; only a silent server is asked again. */
const retry = (failures: number, error: Error): boolean =>
  failures < 1 && !(error instanceof ErreurApi && error.status >= 400 && error.status < 500);

export const configurationQuery = queryOptions({
  queryKey: ['configuration'],
  queryFn: ({ signal }) => getJson<Configuration>('/api/configuration', signal),
  staleTime: 5 * MINUTE,
  retry,
});

export const parcelleQuery = (idu: string) =>
  queryOptions({
    queryKey: ['parcelle', idu],
    queryFn: ({ signal }) => getJson<Parcelle>(`/api/parcelles/${encodeURIComponent(idu)}`, signal),
    staleTime: MINUTE,
    retry,
  });

/** The parcel under a point; the server answers 404 where there is none. */
export const parcelleAuPointQuery = (position: Position) =>
  queryOptions({
    queryKey: ['parcelle-au-point', ...position],
    queryFn: ({ signal }) => getJson<Parcelle>(`/api/parcelles?lon=${String(position[0])}&lat=${String(position[1])}`, signal),
    staleTime: MINUTE,
    retry,
  });

export const rechercheQuery = (q: string, pres: Position | null) =>
  queryOptions({
    queryKey: ['recherche', q, pres],
    queryFn: ({ signal }) => {
      const params = new URLSearchParams({ q, limit: '12' });
      if (pres) {
        params.set('lon', String(pres[0]));
        params.set('lat', String(pres[1]));
      }
      return getJson<ReponseRecherche>(`/api/recherche?${params.toString()}`, signal);
    },
    enabled: q.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: MINUTE,
    retry,
  });

export const styleQuery = (id: string) =>
  queryOptions({
    queryKey: ['style', id],
    queryFn: ({ signal }) => getJson<StyleSpecification>(`/styles/${encodeURIComponent(id)}.json`, signal),
    staleTime: Infinity,
    retry,
  });
