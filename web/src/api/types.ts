/**
 * Shapes of the server's JSON answers: those of `openapi.d.ts` (made by `npm run api`),
 * with what OpenAPI says in words made into types: pairs of degrees, known words.
 */
import type { components } from './openapi';

type Schemas = components['schemas'];
/** The server writes every field, null where it does not know. */
type Complet<Nom extends keyof Schemas> = Required<Schemas[Nom]>;
type Precise<Nom extends keyof Schemas, Champs> = Omit<Complet<Nom>, keyof Champs> & Champs;

/** West, south, east, north in degrees (WGS84). */
export type Etendue = [ouest: number, sud: number, est: number, nord: number];
/** Longitude, latitude in degrees (WGS84). */
export type Position = [lon: number, lat: number];

/** A refusal, as RFC 9457 writes it; `detail` is one French sentence. */
export type Probleme = Schemas['Problem'];

export type Fond = Precise<'Background', { genre: 'raster' | 'pmtiles' }>;
export type Configuration = Precise<'Configuration', { etendue: Etendue | null; fonds: Fond[] }>;

export type GenreResultat = 'parcelle' | 'section' | 'housenumber' | 'street' | 'locality' | 'municipality';
export type ProprietesResultat = Precise<'Properties', { type: GenreResultat; bbox: Etendue | null }>;
export interface Resultat {
  type: 'Feature';
  geometry: { type: 'Point'; coordinates: Position };
  properties: ProprietesResultat;
}
export type ReponseRecherche = Precise<'Answer', { features: Resultat[] }>;

export type AdresseParcelle = Precise<'Adresse', { position: Position; lien: 'declare' | 'geometrie' }>;
export type BatimentParcelle = Complet<'Batiment'>;
export type Voisin = Complet<'Voisin'>;
export type Parcelle = Precise<
  'Parcelle',
  {
    adresses: AdresseParcelle[];
    batiments: BatimentParcelle[];
    voisins: Voisin[];
    ancienne_commune: Complet<'AncienneCommune'> | null;
    feuille: Complet<'Feuille'> | null;
    centre: Position;
    etendue: Etendue;
  }
>;
