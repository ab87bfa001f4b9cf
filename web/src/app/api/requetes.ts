/** What the application asks of modules, each with its cache key. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ErreurApi, getJson } from '../../api/client';
import { typographierLibelles } from '../../format/typographie';
import { adresseFiche, adresseObjet, parametres } from './adresses';
import type { Choix, ContenuCarte, Croisements, Demande, EtapesFiche, Fiche, Joint, Modules, Objet, PageFiches, PasHistorique, Rattachements, SchemaObjet } from './types';

const MINUTE = 60_000;
/** Rows asked at once. */
export const TAILLE_PAGE = 100;

/** A refusal is an answer; only a silent server is asked again. */
const retry = (failures: number, error: Error): boolean =>
  failures < 1 && !(error instanceof ErreurApi && error.status >= 400 && error.status < 500);

export const modulesQuery = queryOptions({
  queryKey: ['modules'],
  queryFn: async ({ signal }) => typographierLibelles(await getJson<Modules>('/api/modules', signal)),
  staleTime: 5 * MINUTE,
  retry,
});

export const schemaQuery = (module: string, objet: string) =>
  queryOptions({
    queryKey: ['schema', module, objet],
    queryFn: async ({ signal }): Promise<Objet> => typographierLibelles((await getJson<SchemaObjet>(`${adresseObjet(module, objet)}/schema`, signal))['x-finage']),
    staleTime: 5 * MINUTE,
    retry,
  });

/** All that is kept of an object's rows, thrown away together once one of them is written. */
export const cleLignes = (module: string, objet: string) => ['lignes', module, objet] as const;

export const pageQuery = (module: string, objet: string, demande: Demande, champs: readonly string[], page: number) => {
  const params = parametres(demande);
  params.set('rang', String(page * TAILLE_PAGE));
  params.set('limite', String(TAILLE_PAGE));
  if (champs.length > 0) params.set('fields', champs.join(','));
  const query = params.toString();
  return queryOptions({
    queryKey: [...cleLignes(module, objet), query],
    queryFn: ({ signal }) => getJson<PageFiches>(`${adresseObjet(module, objet)}?${query}`, signal),
    staleTime: MINUTE,
    gcTime: MINUTE,
    retry,
  });
};

/** A short list: a tab, a card of the dashboard. */
export const extraitQuery = (module: string, objet: string, demande: Demande, limite: number, champs: readonly string[] = []) => {
  const params = parametres(demande);
  params.set('limite', String(limite));
  if (champs.length > 0) params.set('fields', champs.join(','));
  const query = params.toString();
  return queryOptions({
    queryKey: [...cleLignes(module, objet), query],
    queryFn: ({ signal }) => getJson<PageFiches>(`${adresseObjet(module, objet)}?${query}`, signal),
    staleTime: MINUTE,
    retry,
  });
};

/** The box around all the rows of a list, and the first of them that has a place: what its map frames. */
export const cadreQuery = (module: string, objet: string, demande: Demande) => {
  const params = parametres({ ...demande, bbox: null });
  params.set('limite', '1');
  params.set('fields', 'geometrie');
  params.set('etendue', 'true');
  const query = params.toString();
  return queryOptions({
    queryKey: [...cleLignes(module, objet), query],
    queryFn: ({ signal }) => getJson<PageFiches>(`${adresseObjet(module, objet)}?${query}`, signal),
    staleTime: MINUTE,
    retry,
  });
};

/** A card of the dashboard, under the rights of the account. */
export const carteQuery = (module: string, rang: number) =>
  queryOptions({
    queryKey: ['tableau', module, rang],
    queryFn: ({ signal }) => getJson<ContenuCarte>(`/api/tableau/${encodeURIComponent(module)}/${String(rang)}`, signal),
    // The first page is looked at again after each work.
    staleTime: 0,
    retry,
  });

export const cleFiche = (module: string, objet: string, id: string) => ['fiche', module, objet, id] as const;

export const ficheQuery = (module: string, objet: string, id: string, finalite: string | null = null) =>
  queryOptions({
    queryKey: [...cleFiche(module, objet, id), finalite],
    queryFn: ({ signal }) =>
      getJson<Fiche>(`${adresseFiche(module, objet, id)}${finalite === null ? '' : `?finalite=${encodeURIComponent(finalite)}`}`, signal),
    staleTime: 0,
    retry,
  });

/** What hangs on a row; asked again each time the row is written. */
const annexe = <T>(module: string, objet: string, id: string, nom: string) =>
  queryOptions({
    queryKey: [...cleFiche(module, objet, id), 'annexe', nom],
    queryFn: ({ signal }) => getJson<T>(`${adresseFiche(module, objet, id)}/${nom}`, signal),
    staleTime: 0,
    retry,
  });

export const historiqueQuery = (module: string, objet: string, id: string, finalite: string | null) =>
  annexe<PasHistorique[]>(module, objet, id, finalite === null ? 'historique' : `historique?finalite=${encodeURIComponent(finalite)}`);
export const etapesQuery = (module: string, objet: string, id: string) => annexe<EtapesFiche>(module, objet, id, 'etapes');
export const croisementsQuery = (module: string, objet: string, id: string) => annexe<Croisements>(module, objet, id, 'croisements');
export const fichiersQuery = (module: string, objet: string, id: string) => annexe<Joint[]>(module, objet, id, 'fichiers');
export const rattachementsQuery = (module: string, objet: string, id: string) => annexe<Rattachements>(module, objet, id, 'rattachements');
/** A tab of another module's object is named by both, with a hyphen. */
export const ongletQuery = (module: string, objet: string, id: string, enfant: { module: string; objet: string }) =>
  annexe<PageFiches>(module, objet, id, `onglets/${enfant.module === module ? enfant.objet : `${enfant.module}-${enfant.objet}`}`);

export const codesQuery = (module: string, objet: string, champ: string, q: string) =>
  queryOptions({
    queryKey: ['codes', module, objet, champ, q],
    queryFn: ({ signal }) =>
      getJson<Choix[]>(`${adresseObjet(module, objet)}/codes/${encodeURIComponent(champ)}?${new URLSearchParams({ q }).toString()}`, signal),
    staleTime: MINUTE,
    placeholderData: keepPreviousData,
    retry,
  });

/** Rows a reference may take, given what the form holds. */
export const choixQuery = (module: string, objet: string, champ: string, q: string, record: string | null) => {
  const params = new URLSearchParams({ q });
  if (record !== null) params.set('record', record);
  return queryOptions({
    queryKey: ['choix', module, objet, champ, q, record],
    queryFn: ({ signal }) => getJson<Choix[]>(`${adresseObjet(module, objet)}/choix/${encodeURIComponent(champ)}?${params.toString()}`, signal),
    staleTime: MINUTE,
    placeholderData: keepPreviousData,
    retry,
  });
};
