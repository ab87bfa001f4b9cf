/** Shapes of the answers of business modules: what the engine says of objects, and their rows. */
import type { Geometry } from 'geojson';
import type { Etendue } from '../../api/types';

export type { Etendue };

export type ActionObjet = 'lire' | 'creer' | 'changer' | 'archiver' | 'transiter' | 'imprimer' | 'exporter' | 'nominatif';

export interface ObjetDeModule {
  id: string;
  libelle: string;
  pluriel: string;
  geometrie: string | null;
  couche: string | null;
  actions: ActionObjet[];
}

export interface EntreeMenu {
  libelle: string;
  objet: string;
  liste?: string | null;
}

export interface EntreeTableau {
  genre: 'compte' | 'liste' | 'graphique';
  libelle: string;
  objet: string;
  liste?: string | null;
  filtre?: string | null;
  /** Rank of the card among those of its module. */
  rang?: number;
  /** Field whose values a chart counts. */
  par?: string | null;
}

export interface Module {
  id: string;
  libelle: string;
  version: string;
  objets: ObjetDeModule[];
  menu: EntreeMenu[];
  tableau: EntreeTableau[];
}

export interface Modules {
  modules: Module[];
}

/** A value as the server writes it: decimals and money are strings, references are identifiers. */
export type Valeur = string | number | boolean | null | string[];

export interface Fiche {
  id: string;
  version: number;
  insee: string | null;
  /** Whether it is of the collectivité that asks; others are seen through a mission. */
  propre: boolean;
  creee_le: string;
  archivee_le: string | null;
  titre: string;
  champs: Record<string, Valeur>;
  /** Labels of codes, references and files, by field. */
  libelles: Record<string, string | string[]>;
  geometrie: Geometry | null;
}

export interface PageFiches {
  total: number;
  rang: number;
  fiches: Fiche[];
}

export type GenreChamp =
  | 'texte'
  | 'texte_long'
  | 'entier'
  | 'decimal'
  | 'montant'
  | 'date'
  | 'instant'
  | 'booleen'
  | 'code'
  | 'reference'
  | 'references'
  | 'fichier'
  | 'riche'
  | 'geometrie';

/** An expression of the engine as a JSON tree, null where there is none; only `saisie/conditions` looks inside. */
export type Expression = unknown;

export interface Code {
  code: string;
  libelle: string;
}

export interface ChampSchema {
  nom: string;
  libelle: string;
  aide: string | null;
  genre: GenreChamp;
  obligatoire: boolean;
  /** Whether the server fills it when a new row leaves it empty. */
  par_defaut?: boolean;
  modifiable: boolean;
  niveau: number;
  finalite: string | null;
  max?: number | null;
  decimales?: number | null;
  visible: Expression;
  requis_si: Expression;
  codes: Code[] | null;
  /** What it names; of no module, it has no page here. */
  reference: { module: string | null; objet: string } | null;
  colonne: boolean;
  recherche: boolean;
  groupe: string | null;
}

export interface ListeSchema {
  id: string;
  libelle: string;
  filtre: string | null;
  colonnes: string[];
  tri: string[];
}

export interface OngletSchema {
  module: string;
  objet: string;
  /** Field of the child that names this row. */
  par: string;
  libelle: string;
}

export interface EtapeSchema {
  id: string;
  libelle: string;
  de: string[];
  vers: string;
  requis: string[];
}

export interface EtapesSchema {
  champ: string;
  /** Labels of states, where codes do not tell them. */
  etats?: { id: string; libelle: string }[];
  etapes: EtapeSchema[];
}

export interface DocumentSchema {
  id: string;
  libelle: string;
  /** Whether it can be made for many rows at once. */
  lot: boolean;
}

export type GenreGeometrie = 'Point' | 'LineString' | 'Polygon' | 'MultiPoint' | 'MultiLineString' | 'MultiPolygon' | 'Geometry';

/** What the page knows of an object: its forms, lists and tabs are functions of this. */
export interface Objet {
  module: string;
  objet: string;
  libelle: string;
  pluriel: string;
  actions: ActionObjet[];
  finalites: { id: string; libelle: string; permise: boolean }[];
  geometrie: { genre: GenreGeometrie; obligatoire: boolean; couche: string | null } | null;
  champs: ChampSchema[];
  groupes: { id: string; libelle: string }[];
  listes: ListeSchema[];
  onglets: OngletSchema[];
  etapes: EtapesSchema | null;
  documents: DocumentSchema[];
  registre: string | null;
}

/** The JSON Schema of an object; what a page needs lies under `x-finage`. */
export interface SchemaObjet {
  'x-finage': Objet;
}

export interface PasHistorique {
  /** Number of this change, by which it is undone. */
  rang: number;
  le: string;
  operation: string;
  par: string | null;
  canal: string;
  avant: Record<string, Valeur>;
  apres: Record<string, Valeur>;
  geometrie: boolean;
  archivage: boolean;
}

export interface Croisement {
  /** Of no module, its rows have no page here. */
  module: string | null;
  objet: string;
  libelle: string;
  fiches: { id: string; titre: string }[];
  total: number;
}

export interface Croisements {
  objets: Croisement[];
  parcelles: { idu: string; reference: string }[];
}

export interface Joint {
  id: string;
  nom: string;
  type: string;
  octets: number;
  creee_le: string;
}

export interface Rattachement {
  id: string;
  couche: string;
  cle: string;
  role: string | null;
  libelle: string | null;
  du: string | null;
  au: string | null;
  etat: string | null;
}

export interface Choix {
  valeur: string;
  libelle: string;
}

export interface VueGardee {
  id: string;
  module: string;
  objet: string;
  nom: string;
  partagee: boolean;
  /** Query of the address the view was made from. */
  etat: string;
}

/** What a row is written from. */
export interface Ecriture {
  champs: Record<string, Valeur>;
  geometrie?: Geometry | null;
  insee?: string | null;
}

export interface ErreurChamp {
  champ: string;
  message: string;
}

/** A refusal of a write: which fields, or which version there is now. */
export interface Refus {
  detail: string;
  champs: ErreurChamp[];
  versions: { demandee: number; actuelle: number } | null;
  fiche: Fiche | null;
}

/** What a list asks, the same for its rows, its exports and its tiles. */
export interface Demande {
  /** List of the manifest it starts from: its own condition, its sort unless told. */
  liste: string | null;
  filter: string | null;
  q: string;
  sort: readonly string[];
  bbox: Etendue | null;
  archivees: boolean;
  finalite: string | null;
}
