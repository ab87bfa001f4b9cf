/**
 * Shapes of the answers of business modules: those of the contract made precise, with what it leaves open:
 * fields by their names, and the schema of an object.
 */
import type { Geometry } from 'geojson';
import type { components } from '../../api/openapi';
import type { Etendue } from '../../api/types';

export type { Etendue };

type Schemas = components['schemas'];
/** A shape of the contract, some of its fields said more precisely than OpenAPI does. */
type Precise<Nom extends keyof Schemas, Champs> = Omit<Schemas[Nom], keyof Champs> & Champs;
/** The server writes these fields, null where it has nothing to say. */
type Ecrits<Nom extends keyof Schemas, Champs extends keyof Schemas[Nom]> = Omit<Schemas[Nom], Champs> & Required<Pick<Schemas[Nom], Champs>>;

export type ActionObjet = 'lire' | 'creer' | 'changer' | 'archiver' | 'transiter' | 'imprimer' | 'exporter' | 'nominatif' | 'passer_outre';

export type ObjetDeModule = Precise<'ObjetOuvert', { geometrie: string | null; couche: string | null; actions: ActionObjet[] }>;
export type EntreeMenu = Schemas['Entree'];
export type EntreeTableau = Precise<'Carte', { genre: 'compte' | 'liste' | 'graphique' }>;
export type Module = Precise<'ModuleOuvert', { objets: ObjetDeModule[]; tableau: EntreeTableau[] }>;
export interface Modules {
  modules: Module[];
}

/** A value as the server writes it: decimals and money are strings, references are identifiers. */
export type Valeur = string | number | boolean | null | string[];

/** A row; `libelles` are those of codes, references and files, by field. */
export type Fiche = Precise<
  'Fiche',
  { insee: string | null; archivee_le: string | null; champs: Record<string, Valeur>; libelles: Record<string, string | string[]>; geometrie: Geometry | null }
>;
/** `etendue` is the box around all the rows, where it is asked for. */
export type PageFiches = Precise<'PageFiches', { fiches: Fiche[]; etendue?: Etendue | null }>;

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
  /** A year is written without a space between thousands. */
  format?: 'annee' | null;
  visible: Expression;
  requis_si: Expression;
  /** Text of the value proposed for a new row; only `saisie/propositions` reads it. */
  propose?: string | null;
  codes: Code[] | null;
  /** What it names; of no module, it has no page here. */
  reference: { module: string | null; objet: string } | null;
  /** Whether lists show it until told otherwise. */
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
  /** Null when the manifest gives none: the child's own plural. */
  libelle: string | null;
}

/** A new row of another object, made from a sheet in one press. */
export interface RaccourciSchema {
  module: string;
  objet: string;
  libelle: string;
  /** What the new row begins with: a field of this row, `id` for itself, or a text. */
  avec: Record<string, { champ: string } | { valeur: string }>;
  /** Condition on this row. */
  condition: Expression;
}

export interface EtapeSchema {
  id: string;
  libelle: string;
  de: string[];
  /** Null when the row stays in its state. */
  vers: string | null;
  requis: string[];
  /** Fields that may be given with it, filled or not. */
  demandes?: string[];
  /** Objects whose rows it makes. */
  cree?: string[];
  /** Purpose to say with it, when a document that comes of it shows personal data. */
  finalite?: string | null;
  /** Document made by the step, and laid among the files of the row. */
  document?: string | null;
  /** Whether the account holds the role it asks for, somewhere. */
  tenue?: boolean;
}

export interface EtapesSchema {
  champ: string;
  /** State of a new row. */
  initial?: string | null;
  /** States in which the row changes no more but by a step. */
  verrouilles?: string[];
  /** Labels of states, where codes do not tell them. */
  etats?: { id: string; libelle: string }[];
  etapes: EtapeSchema[];
}

export interface DocumentSchema {
  id: string;
  libelle: string;
  /** Whether it can be made for many rows at once. */
  lot: boolean;
  /** Purpose of the personal data that it shows, said each time it is made. */
  finalite: string | null;
}

export interface AncrageSchema {
  couche: string;
  role: string;
  /** Whether several features may have the role at once. */
  plusieurs: boolean;
  obligatoire: boolean;
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
  geometrie: { genre: GenreGeometrie; obligatoire: boolean; couche: string | null; styles?: { id: string; libelle: string }[] } | null;
  champs: ChampSchema[];
  groupes: { id: string; libelle: string }[];
  listes: ListeSchema[];
  onglets: OngletSchema[];
  raccourcis?: RaccourciSchema[];
  /** Field that names the row this one belongs to. */
  parent?: string | null;
  /** Fields that the title of a row is made of, in its order. */
  titre?: string[];
  etapes: EtapesSchema | null;
  documents: DocumentSchema[];
  /** What its rows may be attached to. */
  ancrages?: AncrageSchema[];
  registre: string | null;
  /** How its rows are made in series along a line; null where they are not. */
  serie?: SerieSchema | null;
  /** Whether a way on foot leads to its rows. */
  itineraire?: boolean;
}

/** What the manifest says of series: fields, and lengths proposed in metres. */
export interface SerieSchema {
  /** Field of the number. */
  numero: string;
  /** Reference whose row may give the line. */
  ligne: string | null;
  dedans: string | null;
  champs: string[];
  largeur: number;
  longueur: number;
  ecart: number;
  entre_rangees: number;
  recul: number;
}

/** The JSON Schema of an object; what a page needs lies under `x-finage`. */
export interface SchemaObjet {
  'x-finage': Objet;
}

/** One change of a row, newest first in its history; `rang` is what undoing it names. */
export type PasHistorique = Precise<'Etape', { avant: Record<string, Valeur>; apres: Record<string, Valeur> }> & {
  par: string | null;
  /** Of an amendment: why what was locked changed. */
  motif?: string | null;
};

export type Croisement = Ecrits<'Croisement', 'module'>;
export type Croisements = Precise<'Croisements', { objets: Croisement[] }>;

export type Joint = Schemas['Joint'];

/** A link to a feature of the map; the last day is the first on which it no longer holds. */
export interface Rattachement {
  id: string;
  couche: string;
  cle_entite: string;
  role: string;
  valide_du: string;
  valide_au: string | null;
  etat: 'sur' | 'a_confirmer' | 'perdu';
  /** What may take the place of a feature that is gone, the likeliest first. */
  propose: { cle: string; part: number }[];
}

export interface Rattachements {
  rattachements: Rattachement[];
  /** Roles that must be held and are not. */
  manquants: string[];
}

/** A value that a chart counts; null for rows that have none. */
export interface PartGraphique {
  valeur: string | null;
  libelle: string | null;
  nombre: number;
}

/** What a card of the dashboard shows. */
export type ContenuCarte = { total: number } | PageFiches | { valeurs: PartGraphique[] };

/** A step that leaves the state of a row, and what keeps it from being taken. */
export interface EtapePossible {
  id: string;
  obstacle: 'droit' | 'role' | 'garde' | null;
  /** Required fields that are empty: to be given with the step. */
  manquants: string[];
  /** What its conditions ask, where the module says it. */
  raisons?: string[];
}

export interface EtapesFiche {
  etat: string | null;
  verrouillee: boolean;
  etapes: EtapePossible[];
}

export type Choix = Schemas['Choix'];

export interface VueGardee {
  id: string;
  nom: string;
  partagee: boolean;
  /** Whether it is one's own: only those are thrown away. */
  propre?: boolean;
  /** Query of the address the view was made from. */
  etat: { adresse: string };
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

/** A rule that the row would break. */
export interface Manquement {
  regle: string;
  article: string;
  /** What it asks, and what the row has, in a sentence. */
  message: string;
  /** First day on which the row would not break it, where a day would do. */
  le: string | null;
  /** Whether who holds that right may pass over it, for a reason. */
  passable: boolean;
}

/** A refusal of a write: which fields, which rules, or which version there is now. */
export interface Refus {
  detail: string;
  champs: ErreurChamp[];
  manquements: Manquement[];
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
