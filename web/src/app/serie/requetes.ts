/** What series ask the server. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ask, getJson, sendJson } from '../../api/client';
import type { components } from '../../api/openapi';
import { adresseObjet } from '../api/adresses';
import type { Apercu, Serie } from './formes';

type Demande = components['schemas']['SerieDemandee'];

export const cleSeries = (module: string, objet: string) => ['series', module, objet] as const;

/** The newest series of an object. */
export const seriesQuery = (module: string, objet: string) =>
  queryOptions({
    queryKey: cleSeries(module, objet),
    queryFn: ({ signal }) => getJson<Serie[]>(`${adresseObjet(module, objet)}/serie`, signal),
    staleTime: 0,
    retry: false,
  });

/** What a series would make; nothing is written. */
export const apercuQuery = (module: string, objet: string, demande: Demande | null) =>
  queryOptions({
    queryKey: ['apercu-serie', module, objet, JSON.stringify(demande)],
    queryFn: ({ signal }) => sendJson<Apercu>('POST', `${adresseObjet(module, objet)}/serie/apercu`, demande, signal),
    enabled: demande !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  });

export async function creerSerie(module: string, objet: string, demande: Demande, accepter: boolean, cle: string): Promise<Serie> {
  const response = await ask(`${adresseObjet(module, objet)}/serie`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', 'idempotency-key': cle },
    body: JSON.stringify({ ...demande, accepter }),
  });
  return (await response.json()) as Serie;
}

export async function annulerSerie(module: string, objet: string, id: string): Promise<void> {
  await ask(`${adresseObjet(module, objet)}/serie/${encodeURIComponent(id)}/annuler`, { method: 'POST', headers: { accept: 'application/json' } });
}
