/** What a sheet makes in one press, for this row and this account. */
import type { Fiche, Module, Objet, RaccourciSchema } from '../api/types';
import { contexteDe } from '../saisie/conditions';
import { ADRESSE_INITIALE, NOUVELLE, type Adresse } from '../url/adresse';

export interface Raccourci {
  libelle: string;
  vers: Adresse;
}

/** What a new row begins with: values of this one, those that it does not have or that are closed left out. */
function avecDe({ avec }: RaccourciSchema, fiche: Fiche): Record<string, string> {
  const donnes = Object.entries(avec).flatMap(([champ, donne]): [string, string][] => {
    if ('valeur' in donne) return [[champ, donne.valeur]];
    const valeur = donne.champ === 'id' ? fiche.id : fiche.champs[donne.champ];
    return valeur === null || valeur === undefined || Array.isArray(valeur) ? [] : [[champ, String(valeur)]];
  });
  return Object.fromEntries(donnes);
}

/** Fields that an expression names, whatever it is. */
function nommes(expression: unknown): string[] {
  if (Array.isArray(expression)) return expression.flatMap(nommes);
  if (typeof expression !== 'object' || expression === null) return [];
  return Object.entries(expression).flatMap(([cle, valeur]: [string, unknown]) => (cle === 'property' && typeof valeur === 'string' ? [valeur] : nommes(valeur)));
}

/** Fields of a row that its shortcuts read, those of the list's own answer among them; personal ones are not read for that. */
export function champsDesRaccourcis({ raccourcis = [], champs }: Objet): string[] {
  const lus = raccourcis.flatMap((r) => [...nommes(r.condition), ...Object.values(r.avec).flatMap((a) => ('champ' in a ? [a.champ] : []))]);
  return champs.filter((c) => c.niveau === 0 && c.genre !== 'geometrie' && lus.includes(c.nom)).map((c) => c.nom);
}

/** Those whose condition the row fulfils, and whose object the account may make; none on a row that is archived or another's. */
export function raccourcisDe(objet: Objet, fiche: Fiche, modules: readonly Module[]): Raccourci[] {
  if (fiche.archivee_le !== null || !fiche.propre) return [];
  const { juge, ou } = contexteDe(objet);
  const peut = (r: RaccourciSchema): boolean => modules.find((m) => m.id === r.module)?.objets.find((o) => o.id === r.objet)?.actions.includes('creer') ?? false;
  // One that this browser does not read is offered: the server judges what is made.
  const tient = ({ condition }: RaccourciSchema): boolean => {
    const lue = condition === null ? null : juge(condition);
    return lue === null || lue(fiche.champs, ou) === true;
  };
  return (objet.raccourcis ?? [])
    .filter((r) => peut(r) && tient(r))
    .map((r) => ({ libelle: r.libelle, vers: { ...ADRESSE_INITIALE, module: r.module, objet: r.objet, page: NOUVELLE, saisie: true, avec: avecDe(r, fiche) } }));
}
