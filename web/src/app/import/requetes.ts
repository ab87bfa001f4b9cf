/** What an import asks the server. */
import { queryOptions } from '@tanstack/react-query';
import { ask, getJson, sendJson } from '../../api/client';
import type { Travail } from '../../api/types';
import { adresseObjet } from '../api/adresses';
import type { Bilan, DemandeImport, FichierDepose } from './formes';

const adresse = (module: string, objet: string, id: string): string => `${adresseObjet(module, objet)}/imports/${encodeURIComponent(id)}`;

/** A file laid down: what is in it, what became of it. */
export const importQuery = (module: string, objet: string, id: string) =>
  queryOptions({
    queryKey: ['import', module, objet, id],
    queryFn: ({ signal }) => getJson<FichierDepose>(adresse(module, objet, id), signal),
    staleTime: Infinity,
    retry: false,
  });

export async function deposer(module: string, objet: string, fichier: File): Promise<FichierDepose> {
  const body = new FormData();
  body.append('fichier', fichier, fichier.name);
  const response = await ask(`${adresseObjet(module, objet)}/imports`, { method: 'POST', body });
  return (await response.json()) as FichierDepose;
}

/** The purpose for which personal fields are written, as any other request says it. */
const pour = (finalite: string | null): string => (finalite === null ? '' : `?finalite=${encodeURIComponent(finalite)}`);

export const essayer = (module: string, objet: string, id: string, demande: DemandeImport, finalite: string | null): Promise<Bilan> =>
  sendJson<Bilan>('POST', `${adresse(module, objet, id)}/essai${pour(finalite)}`, demande);

export const lancer = (module: string, objet: string, id: string, demande: DemandeImport, finalite: string | null): Promise<Travail> =>
  sendJson<Travail>('POST', `${adresse(module, objet, id)}/lancer${pour(finalite)}`, demande);
