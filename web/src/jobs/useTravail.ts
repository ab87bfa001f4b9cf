import { useEffect, useState } from 'react';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { travailQuery } from '../api/queries';
import type { Travail } from '../api/types';

/** Failures of the event stream after which the job is asked for instead. */
const MAX_ECHECS = 2;
const SONDE_MS = 1500;

export const fini = ({ etat }: Travail): boolean => etat === 'fait' || etat === 'annule' || etat === 'echec';

function readEvent(data: unknown): Travail | null {
  if (typeof data !== 'string') return null;
  try {
    const read: unknown = JSON.parse(data);
    return typeof read === 'object' && read !== null && 'etat' in read ? (read as Travail) : null;
  } catch {
    return null;
  }
}

/** A job followed until its end: by the server's events, by asking again where those do not pass. */
export function useTravail(id: string): UseQueryResult<Travail> {
  const client = useQueryClient();
  const [sonder, setSonder] = useState(false);
  const result = useQuery({
    ...travailQuery(id),
    refetchInterval: ({ state }) => (sonder && !(state.data && fini(state.data)) ? SONDE_MS : false),
  });
  const actif = result.data !== undefined && !fini(result.data);

  useEffect(() => {
    if (!actif || sonder) return;
    let echecs = 0;
    const source = new EventSource(`/api/travaux/${encodeURIComponent(id)}/evenements`);
    source.addEventListener('travail', (event: MessageEvent<unknown>) => {
      const travail = readEvent(event.data);
      if (!travail) return;
      echecs = 0;
      client.setQueryData(travailQuery(id).queryKey, travail);
      if (fini(travail)) source.close();
    });
    source.addEventListener('error', () => {
      echecs += 1;
      if (echecs < MAX_ECHECS && source.readyState !== EventSource.CLOSED) return;
      source.close();
      setSonder(true);
    });
    return () => {
      source.close();
    };
  }, [actif, sonder, id, client]);

  return result;
}
