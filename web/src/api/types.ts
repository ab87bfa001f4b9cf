/**
 * Shapes of the server's JSON answers: those of `openapi.d.ts` (made by `npm run api`),
 * with what OpenAPI says in words made into types: pairs of degrees, known words.
 */
import type { Geometry } from 'geojson';
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

export type GenreResultat = 'parcelle' | 'section' | 'housenumber' | 'street' | 'locality' | 'municipality' | 'annotation' | 'fiche' | 'coordonnees';
/** `url` is the screen of a row of a module. */
export type ProprietesResultat = Precise<'Properties', { type: GenreResultat; bbox: Etendue | null }> & { url?: string | null };
export interface Resultat {
  type: 'Feature';
  /** Null for a row that has no place. */
  geometry: { type: 'Point'; coordinates: Position } | null;
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

/** A parcel of a selection: what its line in the table says. */
export type ParcelleChoisie = Precise<'Selectionnee', { centre: Position }>;

/** What became of one reference of a pasted list. */
export type LigneReference = Complet<'Ligne'>;

/** `zone` is the asked shape with its buffer, in degrees. */
export type ReponseSelection = Precise<'Selection', { parcelles: ParcelleChoisie[]; lignes: LigneReference[]; etendue: Etendue | null; zone: Geometry | null }>;

export type DemandeSelection = Omit<Schemas['Demande'], 'parcelles' | 'geometrie'> & { parcelles?: readonly string[]; geometrie?: Geometry };

export interface DemandeExtraits {
  genre: 'extraits';
  parametres: {
    references?: string | null;
    parcelles?: readonly string[] | null;
    commune?: string | null;
    format: 'A4' | 'A3';
    orientation: 'portrait' | 'paysage' | null;
    echelle: number | null;
    fond: string | null;
    sortie: 'pdf' | 'zip';
  };
}

export type LigneTravail = Precise<'LigneRapport', { etat: 'servie' | 'inconnue' | 'illisible' | 'double' | 'ambigue' | 'refusee' }>;

/** A long task of the server, as it stands; `total` is null until it is known. */
export type Travail = Precise<
  'Travail',
  { rapport: { resume: string; lignes: LigneTravail[] } | null; resultat: Complet<'Resultat'> | null }
>;

/** Who asks; `droits` lists what it may do to each kind of object. */
export type Session = Omit<Schemas['Session'], 'droits'> & { droits?: Partial<Record<'annotation' | 'personne' | 'journal' | 'elimination', string[]>> };

export type CategorieAnnotation = 'note' | 'a_verifier' | 'projet' | 'travaux';
/** A row of an annotation; a field is null where it is empty or not open. */
export type Annotation = Precise<
  'Fiche',
  { champs: { titre: string | null; texte: string | null; categorie: CategorieAnnotation | null }; geometrie: Geometry | null }
>;
export interface NouvelleAnnotation {
  champs: { titre: string; texte: string; categorie: CategorieAnnotation };
  geometrie: Geometry;
}
