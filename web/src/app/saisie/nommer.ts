/** A row that does not exist yet, begun by the name that was typed to find it. */
import type { ChampSchema, Objet } from '../api/types';

const ecrit = (c: ChampSchema | undefined): c is ChampSchema => c !== undefined && c.modifiable && (c.genre === 'texte' || c.genre === 'texte_long');

/** The typed name in the fields of the title: the first word in the first of two, the others in the second; else all in the one there is. */
export function nommer({ champs, titre }: Pick<Objet, 'champs' | 'titre'>, texte: string): Record<string, string> {
  const net = texte.trim().replace(/\s+/g, ' ');
  if (net === '') return {};
  const duTitre = (titre ?? []).map((nom) => champs.find((c) => c.nom === nom)).filter(ecrit);
  const [premier, second] = duTitre.length > 0 ? duTitre : champs.filter((c) => c.recherche).filter(ecrit).slice(0, 1);
  if (!premier) return {};
  const [mot = '', ...reste] = net.split(' ');
  return second && reste.length > 0 ? { [premier.nom]: mot, [second.nom]: reste.join(' ') } : { [premier.nom]: net };
}
