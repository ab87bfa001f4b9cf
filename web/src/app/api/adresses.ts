/** Addresses of the server for the objects of modules. */
import type { Demande } from './types';

const e = encodeURIComponent;

export const adresseObjet = (module: string, objet: string): string => `/api/modules/${e(module)}/${e(objet)}`;
export const adresseFiche = (module: string, objet: string, id: string): string => `${adresseObjet(module, objet)}/${e(id)}`;

/** Parameters of a list; what asks nothing is left out, so that one question has one address. */
export function parametres(demande: Demande): URLSearchParams {
  const params = new URLSearchParams();
  if (demande.liste) params.set('liste', demande.liste);
  if (demande.filter) params.set('filter', demande.filter);
  if (demande.q !== '') params.set('q', demande.q);
  if (demande.sort.length > 0) params.set('sort', demande.sort.join(','));
  if (demande.bbox) params.set('bbox', demande.bbox.join(','));
  if (demande.archivees) params.set('archivees', 'true');
  if (demande.finalite) params.set('finalite', demande.finalite);
  return params;
}

export type FormatExport = 'csv' | 'xlsx' | 'ods' | 'geojson' | 'gpkg';

export function adresseExport(module: string, objet: string, format: FormatExport, demande: Demande): string {
  const params = parametres(demande);
  params.set('format', format);
  return `${adresseObjet(module, objet)}/export?${params.toString()}`;
}

/** A file of a row: a download, or a picture in a page. */
export const adresseFichier = (joint: string): string => `/api/fichiers/${e(joint)}`;

/** The same, shown by the browser in place of being downloaded: to be read, and printed. */
export const adresseOuverte = (joint: string): string => `${adresseFichier(joint)}?ouvrir=true`;

/** What the tiles of a layer are asked beside their place: the list's own filter and text. */
export function parametresTuiles({ liste, filter, q, archivees }: Demande): string {
  const params = new URLSearchParams();
  if (liste) params.set('liste', liste);
  if (filter) params.set('filter', filter);
  if (q !== '') params.set('q', q);
  if (archivees) params.set('archivees', 'true');
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** The document of a row; its purpose where it shows personal data. */
export function adresseDocument(module: string, objet: string, id: string, document: string, finalite: string | null): string {
  return `${adresseFiche(module, objet, id)}/documents/${e(document)}${finalite ? `?finalite=${e(finalite)}` : ''}`;
}
