/** What a series is made of on the screen, and what the server is asked of it. */
import type { Geometry, LineString, Polygon } from 'geojson';
import type { components } from '../../api/openapi';
import type { ChampSchema, Objet, Valeur } from '../api/types';
import { lireNombre } from '../saisie/nombres';
import { lireSaisi, type Saisi } from '../saisie/valeurs';

type Schemas = components['schemas'];

export type ApercuFiche = Omit<Schemas['ApercuFiche'], 'geometrie'> & { geometrie: Polygon };
export type Apercu = Omit<Schemas['ApercuSerie'], 'fiches' | 'ligne'> & { fiches: ApercuFiche[]; ligne: LineString };
export type Serie = Schemas['Serie'];
export type Cote = 'gauche' | 'droite';
export type Ordre = 'continu' | 'serpentin' | 'par_rangee';

/** What the form holds; numbers as they are typed. */
export interface Reglage {
  /** Whether the line is drawn; else that of the row that the object names. */
  tracee: boolean;
  ligne: Geometry | null;
  inverse: boolean;
  rangees: string;
  colonnes: string;
  largeur: string;
  longueur: string;
  ecart: string;
  entre_rangees: string;
  recul: string;
  cote: Cote;
  premier: string;
  pas: string;
  ordre: Ordre;
  prefixe: string;
  complement: string;
  chiffres: string;
  champs: Record<string, Saisi>;
}

/** Numbers of the form: those that may be left empty, and how many decimals they take. */
export const NOMBRES = {
  rangees: { vide: false, decimales: 0 },
  colonnes: { vide: true, decimales: 0 },
  largeur: { vide: false, decimales: 3 },
  longueur: { vide: false, decimales: 3 },
  ecart: { vide: false, decimales: 3 },
  entre_rangees: { vide: false, decimales: 3 },
  recul: { vide: false, decimales: 3 },
  premier: { vide: false, decimales: 0 },
  pas: { vide: false, decimales: 0 },
  chiffres: { vide: true, decimales: 0 },
} as const satisfies Partial<Record<keyof Reglage, { vide: boolean; decimales: number }>>;

export type NomNombre = keyof typeof NOMBRES;

const ecrit = (metres: number): string => String(metres).replace('.', ',');

/** The form as the manifest proposes it. */
export function reglageDe({ serie }: Pick<Objet, 'serie'>, champs: Record<string, Saisi>): Reglage {
  return {
    tracee: serie?.ligne === null,
    ligne: null,
    inverse: false,
    rangees: '1',
    colonnes: '',
    largeur: ecrit(serie?.largeur ?? 1),
    longueur: ecrit(serie?.longueur ?? 1),
    ecart: ecrit(serie?.ecart ?? 0),
    entre_rangees: ecrit(serie?.entre_rangees ?? 0),
    recul: ecrit(serie?.recul ?? 0),
    cote: 'gauche',
    premier: '1',
    pas: '1',
    ordre: 'continu',
    prefixe: '',
    complement: '',
    chiffres: '',
    champs,
  };
}

/** A number of the form; undefined where it is empty, null where it is none. */
export function nombreDe(nom: NomNombre, texte: string): number | undefined | null {
  const { vide, decimales } = NOMBRES[nom];
  const lu = lireNombre(texte, decimales);
  if (!lu.ok) return null;
  if (lu.valeur === null) return vide ? undefined : null;
  const nombre = Number(lu.valeur);
  return nombre >= 0 ? nombre : null;
}

/** Numbers of the form that cannot be read. */
export const nombresFautifs = (reglage: Reglage): NomNombre[] => (Object.keys(NOMBRES) as NomNombre[]).filter((nom) => nombreDe(nom, reglage[nom]) === null);

/** A line as the server takes it: one, whatever the map drew. */
function ligneDe(geometrie: Geometry | null): LineString | null {
  return geometrie?.type === 'LineString' ? geometrie : null;
}

/** What the server is asked; null while there is no line, or a number that cannot be read. */
export function demandeSerie(champs: readonly ChampSchema[], reglage: Reglage, ligneDuChamp: string | null): Schemas['SerieDemandee'] | null {
  const ligne = reglage.tracee ? ligneDe(reglage.ligne) : null;
  if (reglage.tracee ? ligne === null : ligneDuChamp === null || !reglage.champs[ligneDuChamp]) return null;
  if (nombresFautifs(reglage).length > 0) return null;
  const n = (nom: NomNombre): number | undefined => nombreDe(nom, reglage[nom]) ?? undefined;
  const dits: Record<string, Valeur> = {};
  for (const champ of champs) {
    const lu = lireSaisi(champ, reglage.champs[champ.nom]);
    if (!lu.ok) return null;
    if (lu.valeur !== null) dits[champ.nom] = lu.valeur;
  }
  const demande = {
    ligne,
    inverse: reglage.inverse,
    rangees: n('rangees'),
    colonnes: n('colonnes'),
    largeur: n('largeur'),
    longueur: n('longueur'),
    ecart: n('ecart'),
    entre_rangees: n('entre_rangees'),
    recul: n('recul'),
    cote: reglage.cote,
    premier: n('premier'),
    pas: n('pas'),
    ordre: reglage.ordre,
    prefixe: reglage.prefixe.trim(),
    complement: reglage.complement.trim(),
    chiffres: n('chiffres') ?? 0,
    champs: dits,
  };
  return demande as unknown as Schemas['SerieDemandee'];
}
