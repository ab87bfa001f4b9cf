/** What the page asks the server, each with its cache key. */
import { keepPreviousData, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { StyleSpecification } from 'maplibre-gl';
import { writeSelection } from '../url/selection';
import { ErreurApi, getJson, sendJson } from './client';
import type { Annotation, Configuration, DemandeSelection, Parcelle, ParcelleChoisie, Position, ReponseRecherche, ReponseSelection, Session, Travail } from './types';

/** What the page asks of parcels by a shape or a list: nothing is changed by it, so it may be asked again. */
export const demanderSelection = (demande: DemandeSelection, signal?: AbortSignal): Promise<ReponseSelection> =>
  sendJson<ReponseSelection>('POST', '/api/selection', demande, signal);

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

const faits = (idu: string) => ['parcelle-choisie', idu] as const;

/** Keeps what the server said of selected parcels, so that a growing selection asks only for the new ones. */
export function garderFaits(client: QueryClient, parcelles: readonly ParcelleChoisie[]): void {
  for (const parcelle of parcelles) client.setQueryData(faits(parcelle.idu), parcelle);
}

/** The lines of the selected parcels, in the order given; a parcel the server does not know has none. */
export const selectionQuery = (client: QueryClient, idus: readonly string[]) =>
  queryOptions({
    queryKey: ['selection', writeSelection(idus)],
    queryFn: async ({ signal }) => {
      const known = (idu: string): ParcelleChoisie | undefined => client.getQueryData<ParcelleChoisie>(faits(idu));
      const manquantes = idus.filter((idu) => known(idu) === undefined);
      if (manquantes.length > 0) garderFaits(client, (await demanderSelection({ parcelles: manquantes }, signal)).parcelles);
      return idus.map(known).filter((p) => p !== undefined);
    },
    enabled: idus.length > 0,
    placeholderData: keepPreviousData,
    staleTime: MINUTE,
    retry,
  });

/** A job as it stands; 404 once the server has forgotten it. */
export const travailQuery = (id: string) =>
  queryOptions({
    queryKey: ['travail', id],
    queryFn: ({ signal }) => getJson<Travail>(`/api/travaux/${encodeURIComponent(id)}`, signal),
    retry,
  });

/** Who is signed in, if anyone. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => getJson<Session>('/api/session', signal),
  staleTime: MINUTE,
  retry,
});

export const annotationQuery = (id: string) =>
  queryOptions({
    queryKey: ['annotation', id],
    queryFn: ({ signal }) => getJson<Annotation>(`/api/annotations/${encodeURIComponent(id)}`, signal),
    staleTime: 0,
    retry,
  });
