/** Values a new row begins with: what the manifest proposes and this browser reads; the rest is left empty. */
import { deplacer, ecrireJour, lireDuree, lireJour } from '../../expressions/dates';
import type { ChampSchema, Objet } from '../api/types';
import { couper, type Mot } from '../filtre/mots';
import { aujourdHui } from './jours';

const est = (mot: Mot | undefined, texte: string): boolean => mot !== undefined && (mot.genre === 'nom' || mot.genre === 'signe') && mot.texte.toLowerCase() === texte;

/** The day of `today()` or `date('…')` at the beginning of the words, and the words that follow. */
function lireDebut(mots: readonly Mot[], jour: string): { jour: string; reste: readonly Mot[] } | null {
  const [nom, ouvre, texte, ferme] = mots;
  if (est(nom, 'today') && est(ouvre, '(') && est(texte, ')')) return { jour, reste: mots.slice(3) };
  if (est(nom, 'date') && est(ouvre, '(') && texte?.genre === 'texte' && est(ferme, ')') && lireJour(texte.texte) !== null) return { jour: texte.texte, reste: mots.slice(4) };
  return null;
}

/** `today() + 'P1M'` as a day. */
function lireDate(mots: readonly Mot[], aujourdhui: string): string | null {
  const debut = lireDebut(mots, aujourdhui);
  if (debut === null) return null;
  const [signe, duree, ...trop] = debut.reste;
  if (signe === undefined) return debut.jour;
  const de = duree?.genre === 'texte' ? lireDuree(duree.texte) : null;
  const depart = lireJour(debut.jour);
  if (de === null || depart === null || trop.length > 0 || !(est(signe, '+') || est(signe, '-'))) return null;
  const arrivee = deplacer(depart, est(signe, '+') ? 1 : -1, de);
  return arrivee === null ? null : ecrireJour(arrivee);
}

/** What an expression proposes for a field, as an address gives it to a form; null when it is not one of those read here. */
export function proposer({ genre, propose }: ChampSchema, aujourdhui: string): string | null {
  const mots = couper(propose ?? '');
  if (mots === null || mots.length === 0) return null;
  if (genre === 'date') return lireDate(mots, aujourdhui);
  const [mot, ...suite] = mots;
  if (mot === undefined || suite.length > 0) return null;
  if (genre === 'booleen') return est(mot, 'true') || est(mot, 'false') ? mot.texte.toLowerCase() : null;
  if (genre === 'entier' || genre === 'decimal' || genre === 'montant') return mot.genre === 'nombre' ? mot.texte : null;
  return mot.genre === 'texte' ? mot.texte : null;
}

/** What a new row begins with: the state it is born in, what is proposed, and over it what its link brings. */
export function proposees({ champs, etapes }: Pick<Objet, 'champs' | 'etapes'>, avec: Readonly<Record<string, string>>, aujourdhui = aujourdHui()): Record<string, string> {
  const lues = champs.flatMap((c): [string, string][] => {
    const valeur = proposer(c, aujourdhui);
    return valeur === null ? [] : [[c.nom, valeur]];
  });
  const etat = etapes?.initial ? { [etapes.champ]: etapes.initial } : {};
  return { ...etat, ...Object.fromEntries(lues), ...avec };
}
