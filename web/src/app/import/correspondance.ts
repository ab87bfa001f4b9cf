/** The mapping of an import as the screen changes it. */
import type { ChampSchema, Objet } from '../api/types';
import { peutOuvrir } from '../personnel/champs';
import type { Cible, Correspondance, DemandeImport, Feuille, ModeImport } from './formes';

/** What the screen holds of an import: which sheet, what its columns fill, how. */
export interface Reglage {
  feuille: string;
  /** A mapping of the module, in place of the columns below; null when those are said here. */
  nom: string | null;
  colonnes: Record<string, Cible>;
  cles: string[];
  /** Where rows are: in the file, in two columns, by a parcel, or nowhere. */
  lieu: 'fichier' | 'coordonnees' | 'parcelle';
  x: string;
  y: string;
  parcelle: string;
  srid: number;
  mode: ModeImport;
  reprise: boolean;
}

export const SRID_LAMBERT_93 = 2154;
export const SRID_WGS84 = 4326;

/** Fields a file may fill: those of a form, and the number of a register, which old ones bring. */
export const remplissables = (objet: Objet): ChampSchema[] =>
  objet.champs.filter((c) => (c.modifiable || c.nom === objet.registre) && c.genre !== 'fichier' && c.genre !== 'geometrie' && peutOuvrir(objet, c));

const net = (texte: string): string => texte.normalize('NFD').replace(/[^A-Za-z0-9]/g, '').toLowerCase();

export const champDe = (cible: Cible | undefined): string => (cible === undefined ? '' : typeof cible === 'string' ? cible : cible.champ);

/** The screen on what the server proposes. */
export function reglageDe({ feuille, colonnes, cles, geometrie }: Correspondance, feuilles: readonly Feuille[]): Reglage {
  const choisie = feuilles.find((f) => f.nom === feuille) ?? feuilles[0];
  const propre = choisie?.geometrie ?? null;
  return {
    feuille: choisie?.nom ?? '',
    nom: null,
    colonnes,
    cles,
    lieu: geometrie?.parcelle ? 'parcelle' : geometrie?.x ? 'coordonnees' : 'fichier',
    x: geometrie?.x ?? '',
    y: geometrie?.y ?? '',
    parcelle: geometrie?.parcelle ?? '',
    srid: geometrie?.srid ?? propre?.srid ?? SRID_LAMBERT_93,
    mode: 'tout_ou_rien',
    reprise: false,
  };
}

/** The screen on another sheet of the file: columns of the same name keep what they fill, those named as a field fill it. */
export function surFeuille(objet: Objet, reglage: Reglage, feuille: Feuille): Reglage {
  const siennes = new Set(feuille.colonnes.map((c) => c.nom));
  const garde = (nom: string): string => (siennes.has(nom) ? nom : '');
  const colonnes = Object.fromEntries(Object.entries(reglage.colonnes).filter(([nom]) => siennes.has(nom)));
  const remplis = new Set(Object.values(colonnes).map(champDe));
  for (const { nom } of feuille.colonnes) {
    const champ = remplissables(objet).find((c) => !remplis.has(c.nom) && [c.nom, c.libelle].map(net).includes(net(nom)));
    if (!champ || colonnes[nom] !== undefined) continue;
    colonnes[nom] = champ.nom;
    remplis.add(champ.nom);
  }
  return { ...reglage, feuille: feuille.nom, colonnes, x: garde(reglage.x), y: garde(reglage.y), parcelle: garde(reglage.parcelle) };
}

/** A column fills another field, or none; a field is filled by one column, the last one told. */
export function avecCible(reglage: Reglage, colonne: string, champ: string): Reglage {
  const autres = Object.entries(reglage.colonnes).filter(([nom, cible]) => nom !== colonne && (champ === '' || champDe(cible) !== champ));
  const colonnes = Object.fromEntries(champ === '' ? autres : [...autres, [colonne, champ]]);
  const remplis = new Set(Object.values(colonnes).map(champDe));
  return { ...reglage, colonnes, cles: reglage.cles.filter((c) => remplis.has(c)) };
}

/** Whether two settings have the same trial: they differ by nothing but what becomes of the lines that are accepted. */
export const memeEssai = (a: Reglage, b: Reglage): boolean => JSON.stringify({ ...a, mode: '' }) === JSON.stringify({ ...b, mode: '' });

/** What keeps the screen from being sent: nothing is filled, or a place is half said. */
export type DefautReglage = 'vide' | 'coordonnees' | 'parcelle';

export function defautReglage({ nom, colonnes, lieu, x, y, parcelle }: Reglage): DefautReglage | null {
  if (nom !== null) return null;
  if (Object.keys(colonnes).length === 0) return 'vide';
  if (lieu === 'coordonnees' && (x === '' || y === '' || x === y)) return 'coordonnees';
  return lieu === 'parcelle' && parcelle === '' ? 'parcelle' : null;
}

/** What the server is asked; `propre` tells whether the sheet has geometries of its own. */
export function demandeImport(reglage: Reglage, propre: { srid: number | null } | null): DemandeImport {
  const { feuille, nom, colonnes, cles, lieu, x, y, parcelle, srid, mode, reprise } = reglage;
  if (nom !== null) return { nom, mode, reprise };
  const geometrie =
    lieu === 'coordonnees' ? { x, y, srid } : lieu === 'parcelle' ? { parcelle } : propre !== null && propre.srid === null ? { srid } : null;
  return { correspondance: { feuille, colonnes, cles, geometrie }, mode, reprise };
}

/** Fields that a new row must have and that no column fills. */
export function manquants(objet: Objet, { nom, colonnes, cles }: Reglage): ChampSchema[] {
  if (nom !== null) return [];
  const remplis = new Set(Object.values(colonnes).map(champDe));
  // With a key, rows may be there already: the trial tells.
  return cles.length > 0 ? [] : remplissables(objet).filter((c) => c.obligatoire && c.par_defaut !== true && !remplis.has(c.nom));
}
