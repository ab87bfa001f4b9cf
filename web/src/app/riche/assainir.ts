/** Reads rich text into a tree of what is allowed: nothing of it ever runs. */
import { lienPermis, MAX_PROFONDEUR, sortDe } from './regles';

export type Noeud = string | { nom: string; lien: string | null; enfants: Noeud[] };

const BLOCS = new Set(['p', 'ul', 'ol']);

function lireEnfants(parent: Node, profondeur: number): Noeud[] {
  if (profondeur > MAX_PROFONDEUR) return [];
  const noeuds: Noeud[] = [];
  for (const node of parent.childNodes) {
    if (node instanceof Text) {
      noeuds.push(node.data);
      continue;
    }
    if (!(node instanceof Element)) continue;
    const sort = sortDe(node.tagName);
    if (sort.genre === 'retire') continue;
    const enfants = lireEnfants(node, profondeur + 1);
    const lien = sort.genre === 'garde' && sort.nom === 'a' ? lienPermis(node.getAttribute('href')) : null;
    // Browsers set lists inside paragraphs, where HTML has no room for them.
    const deborde = sort.genre === 'garde' && sort.nom === 'p' && enfants.some((e) => typeof e !== 'string' && BLOCS.has(e.nom));
    if (sort.genre === 'deballe' || deborde || (sort.nom === 'a' && lien === null)) noeuds.push(...enfants);
    else noeuds.push({ nom: sort.nom, lien, enfants });
  }
  return noeuds;
}

/** The tree of what an editor holds, as it stands. */
export const lireZone = (zone: Node): Noeud[] => lireEnfants(zone, 0);

/** The tree of a text of HTML. The document it is parsed in loads nothing and runs nothing. */
export const lireRiche = (html: string): Noeud[] => lireEnfants(new DOMParser().parseFromString(html, 'text/html').body, 0);

/** The same tree as elements of the page, for the editor. */
export function construire(noeuds: readonly Noeud[]): (Text | HTMLElement)[] {
  return noeuds.map((noeud) => {
    if (typeof noeud === 'string') return document.createTextNode(noeud);
    const element = document.createElement(noeud.nom);
    if (noeud.lien !== null) element.setAttribute('href', noeud.lien);
    element.append(...construire(noeud.enfants));
    return element;
  });
}

/** The tree as the HTML the server is sent; empty when nothing is written. */
export function ecrireRiche(noeuds: readonly Noeud[]): string {
  const boite = document.createElement('div');
  boite.append(...construire(noeuds));
  return boite.textContent.trim() === '' ? '' : boite.innerHTML;
}
