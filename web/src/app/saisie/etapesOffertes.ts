/** Steps that a form takes as it saves: those that what it holds can satisfy. */
import type { EtapePossible, EtapeSchema, Fiche, Objet, Valeur } from '../api/types';
import { documentDe, finaliteDe } from '../personnel/finaliteDocument';

/** Beside « Enregistrer », more buttons than these would hide it. */
const MAX_OFFERTES = 2;

const vide = (valeur: Valeur | undefined): boolean => valeur === undefined || valeur === null || valeur === '' || (Array.isArray(valeur) && valeur.length === 0);

interface Tenue {
  /** Null for a row that is not made yet. */
  fiche: Fiche | null;
  /** Names of the fields of the form. */
  visibles: ReadonlySet<string>;
  /** Values of the row as the form has them. */
  record: Readonly<Record<string, Valeur>>;
  /** What the server says of the steps of a row that is made. */
  permises: readonly EtapePossible[];
}

/**
 * The steps that leave the state of the row, for this account. First those that ask for fields or make a document: a form
 * is where they are filled; the others are one press away on the sheet, and only the first of them is offered where there
 * is nothing else, once the row is made: nobody begins a row to give it up, or to close it, at once.
 */
export function etapesOffertes(objet: Objet, { fiche, visibles, record, permises }: Tenue): EtapeSchema[] {
  const { etapes: schema } = objet;
  if (schema === null || !objet.actions.includes('transiter')) return [];
  const etat = fiche ? fiche.champs[schema.champ] : schema.initial;
  if (typeof etat !== 'string') return [];
  const empechee = (id: string): boolean => {
    const obstacle = permises.find((p) => p.id === id)?.obstacle ?? null;
    return obstacle === 'droit' || obstacle === 'role';
  };
  const documentPermis = ({ document: id }: EtapeSchema): boolean => {
    const document = documentDe(objet, id);
    return document === null || finaliteDe(objet, document)?.permise !== false;
  };
  const possibles = schema.etapes.filter(
    (e) => e.de.includes(etat) && e.tenue !== false && !empechee(e.id) && documentPermis(e) && e.requis.every((nom) => visibles.has(nom) || !vide(record[nom])),
  );
  const utiles = possibles.filter((e) => e.requis.length > 0 || Boolean(e.document));
  return utiles.length > 0 ? utiles.slice(0, MAX_OFFERTES) : possibles.slice(0, fiche === null ? 0 : 1);
}

/** « Signer l’acte » inside of a sentence: « signer l’acte »; what is written in capitals stays. */
export function dansLaPhrase(libelle: string): string {
  const [premiere = '', seconde = ''] = Array.from(libelle);
  return seconde !== '' && seconde === seconde.toUpperCase() && seconde !== seconde.toLowerCase() ? libelle : premiere.toLowerCase() + libelle.slice(premiere.length);
}

/** Required fields that the form leaves empty. */
export const requisVides = (etape: EtapeSchema, record: Readonly<Record<string, Valeur>>): string[] => etape.requis.filter((nom) => vide(record[nom]));
