/** Shapes of an import, as `/api/modules/{module}/{objet}/imports` writes and reads them. */

export interface Conversion {
  champ: string;
  /** What each value becomes. */
  valeurs?: Record<string, string>;
  /** Column of the nomenclature in which codes are found. */
  croisement?: string | null;
}

/** What a column fills: a field, or a field whose values are read otherwise. */
export type Cible = string | Conversion;

export interface Emplacement {
  x?: string | null;
  y?: string | null;
  /** Column of identifiers of parcels: a row is put in the middle of its own. */
  parcelle?: string | null;
  srid?: number | null;
}

export interface Correspondance {
  feuille: string | null;
  colonnes: Record<string, Cible>;
  /** Fields by which a row is known again; those of the object when there is none. */
  cles: string[];
  geometrie: Emplacement | null;
}

export interface ColonneFichier {
  nom: string;
  genre: string;
  exemples: string[];
}

export interface Feuille {
  nom: string;
  colonnes: ColonneFichier[];
  /** Null where the format does not tell. */
  lignes: number | null;
  geometrie: { srid: number | null; genre: string } | null;
}

export interface Rejet {
  ligne: number;
  colonne: string | null;
  valeur: string | null;
  motif: string;
}

export interface Bilan {
  /** False of a trial. */
  ecrit: boolean;
  lues: number;
  creees: number;
  changees: number;
  inchangees: number;
  archivees: number;
  rejetees: number;
  anomalies: number;
  /** The first of them. */
  rejets: Rejet[];
}

/** A file laid down on the server: it waits there some days. */
export interface FichierDepose {
  id: string;
  nom: string;
  format: string;
  feuilles: Feuille[];
  /** What the columns of the first sheet are thought to fill. */
  correspondance: Correspondance;
  /** Whether it is the one kept for the same columns. */
  retenue: boolean;
  /** Mappings the module brings. */
  correspondances: { id: string; libelle: string }[];
  cles: string[];
  /** The job that does it, once launched. */
  travail: string | null;
  bilan: Bilan | null;
}

export type ModeImport = 'tout_ou_rien' | 'ligne_par_ligne';

export interface DemandeImport {
  correspondance?: Correspondance;
  /** A mapping of the module, instead. */
  nom?: string;
  mode: ModeImport;
  /** Data taken over: what breaches today's rules is accepted, and listed. */
  reprise: boolean;
}
