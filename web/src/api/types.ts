/** Shapes of the server's JSON answers, as `GET /api/openapi.json` describes them. */
import type { MultiPolygon } from 'geojson';

/** West, south, east, north in degrees (WGS84). */
export type Etendue = [number, number, number, number];
/** Longitude, latitude in degrees (WGS84). */
export type Position = [number, number];

export interface Probleme {
  type?: string;
  title?: string;
  status: number;
  /** One French sentence. */
  detail?: string;
}

export interface CommuneImportee {
  insee: string;
  nom: string;
  etendue: Etendue;
  /** ISO date of the delivery, null when the files do not say. */
  millesime: string | null;
  couches: string[];
  parcelles: number;
}

export interface Fond {
  id: string;
  libelle: string;
  genre: 'raster' | 'pmtiles';
  tuiles: string[];
  taille: number;
  zoom_min: number;
  zoom_max: number;
  attribution: string;
}

export interface StyleOffert {
  id: string;
  libelle: string;
}

export interface Configuration {
  version: string;
  nom: string;
  etendue: Etendue | null;
  communes: CommuneImportee[];
  fonds: Fond[];
  styles: StyleOffert[];
}

export type GenreResultat = 'parcelle' | 'section' | 'housenumber' | 'street' | 'locality' | 'municipality';

export interface ProprietesResultat {
  id: string;
  type: GenreResultat;
  label: string;
  name: string;
  context?: string;
  city?: string;
  citycode?: string;
  score: number;
  idu?: string;
  bbox?: Etendue;
}

export interface Resultat {
  type: 'Feature';
  geometry: { type: 'Point'; coordinates: Position };
  properties: ProprietesResultat;
}

export interface ReponseRecherche {
  type: 'FeatureCollection';
  query: string;
  features: Resultat[];
  /** What to try when nothing matches. */
  indice: string | null;
}

export interface CodeLibelle {
  code: string;
  libelle: string;
}

export interface Feuille {
  id: string;
  numero: string;
  /** Scale denominator: 1000 means 1/1000. */
  echelle: number | null;
  qualite: CodeLibelle | null;
  confection: CodeLibelle | null;
}

export interface AdresseParcelle {
  id: string;
  libelle: string;
  position: Position;
  /** Declared by the address file, or found by the point's place. */
  lien: 'declare' | 'geometrie';
}

export interface BatimentParcelle {
  id: string;
  type: string;
  libelle: string;
  nom: string | null;
  /** m², whole building. */
  surface_m2: number;
  /** m², part that stands on the parcel. */
  surface_sur_parcelle_m2: number;
}

export interface Voisin {
  idu: string;
  reference: string;
  /** Compass side in French: « nord-est ». */
  cote: string;
  /** Length of the common limit, metres. */
  contact_m: number;
}

export interface Parcelle {
  idu: string;
  reference: string;
  commune: { insee: string; nom: string };
  prefixe: string;
  ancienne_commune: { insee: string; nom: string | null } | null;
  section: string;
  numero: string;
  contenance_m2: number | null;
  surface_m2: number;
  /** How the area was computed: « RGF93 / CC44 (EPSG:3944) ». */
  surface_methode: string;
  arpentee: boolean | null;
  figuree: boolean | null;
  feuille: Feuille | null;
  lieux_dits: string[];
  adresses: AdresseParcelle[];
  batiments: BatimentParcelle[];
  emprise_batie_m2: number;
  voisins: Voisin[];
  source: string;
  millesime: string | null;
  date_creation: string | null;
  date_mise_a_jour: string | null;
  centre: Position;
  etendue: Etendue;
  geometrie: MultiPolygon;
}
