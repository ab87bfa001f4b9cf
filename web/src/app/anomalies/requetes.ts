/** What is asked of breaches of today's rules, and how one is settled by hand. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { components } from '../../api/openapi';
import { getJson, sendJson } from '../../api/client';
import { adresseObjet } from '../api/adresses';
import { cleLignes } from '../api/requetes';

export type Anomalie = components['schemas']['AnomalieSignee'];
export type PageAnomalies = components['schemas']['PageAnomalies'];

/** Anomalies of a page. */
export const PAR_PAGE = 50;

export interface DemandeAnomalies {
  /** Those that ended, and they alone. */
  levees: boolean;
  /** Those of this row; null for all. */
  cle: string | null;
  rang: number;
  limite: number;
}

/** All that is kept of an object's anomalies: a row that is written may end some, and throws them away with its list. */
export const cleAnomalies = (module: string, objet: string) => [...cleLignes(module, objet), 'anomalies'] as const;

export const anomaliesQuery = (module: string, objet: string, { levees, cle, rang, limite }: DemandeAnomalies) => {
  const params = new URLSearchParams({ levees: String(levees), rang: String(rang), limite: String(limite) });
  if (cle !== null) params.set('cle', cle);
  return queryOptions({
    queryKey: [...cleAnomalies(module, objet), params.toString()],
    queryFn: ({ signal }) => getJson<PageAnomalies>(`${adresseObjet(module, objet)}/anomalies?${params.toString()}`, signal),
    staleTime: 0,
    placeholderData: keepPreviousData,
    retry: false,
  });
};

export const reglerAnomalie = (module: string, objet: string, id: string, note: string): Promise<Anomalie> =>
  sendJson<Anomalie>('POST', `${adresseObjet(module, objet)}/anomalies/${encodeURIComponent(id)}/lever`, { note });
