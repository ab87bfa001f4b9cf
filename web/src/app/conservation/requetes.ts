/** What is asked of personal data at the end of their use, and what is done with the lists made of them. */
import { queryOptions } from '@tanstack/react-query';
import type { components } from '../../api/openapi';
import { ask, getJson, sendJson } from '../../api/client';

type Schemas = components['schemas'];
export type Traitement = Schemas['Traitement'];
export type Echeance = Schemas['Echeance'];
export type Bordereau = Schemas['Bordereau'];
export type Concernees = Schemas['Concernees'];

const RACINE = '/api/rgpd';
/** What a list changes once it is made, approved or carried out. */
export const CLE_CONSERVATION = ['conservation'] as const;

const adresse = (id: string): string => `${RACINE}/eliminations/${encodeURIComponent(id)}`;

export const registreQuery = queryOptions({
  queryKey: ['registre-traitements'],
  queryFn: ({ signal }) => getJson<Traitement[]>(`${RACINE}/registre`, signal),
  retry: false,
});

export const echeancesQuery = queryOptions({
  queryKey: [...CLE_CONSERVATION, 'echeances'],
  queryFn: ({ signal }) => getJson<Echeance[]>(`${RACINE}/echeances`, signal),
  staleTime: 0,
  retry: false,
});

export const bordereauxQuery = queryOptions({
  queryKey: [...CLE_CONSERVATION, 'bordereaux'],
  queryFn: ({ signal }) => getJson<Bordereau[]>(`${RACINE}/eliminations`, signal),
  staleTime: 0,
  retry: false,
});

/** The rows of a list as they stand now: asked each time it is about to be carried out. */
export const concerneesQuery = (id: string) =>
  queryOptions({
    // Apart from the lists: they are read again once it is carried out, and its rows are then no more to be told.
    queryKey: ['conservation-fiches', id],
    queryFn: ({ signal }) => getJson<Concernees>(`${adresse(id)}/fiches`, signal),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export const preparer = (objet: string, finalite: string): Promise<Bordereau> => sendJson<Bordereau>('POST', `${RACINE}/eliminations`, { objet, finalite });

export const viser = (id: string, visa: string, le: string): Promise<Bordereau> => sendJson<Bordereau>('POST', `${adresse(id)}/approuver`, { visa, le });

export const executer = (id: string): Promise<{ nombre: number }> => sendJson<{ nombre: number }>('POST', `${adresse(id)}/executer`);

/** The list as a file, with the name that the server gives. */
export async function telecharger(id: string): Promise<{ nom: string; contenu: Blob }> {
  const response = await ask(`${adresse(id)}/export`, {});
  const [, nom] = /filename="([^"/\\]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  return { nom: nom ?? `bordereau-${id}.csv`, contenu: await response.blob() };
}
