/** What a rich text may hold: the server keeps no more, with authority. */

/** Elements kept, under the name they are kept by. */
const ELEMENTS: ReadonlyMap<string, string> = new Map([
  ['p', 'p'], ['div', 'p'], ['br', 'br'], ['strong', 'strong'], ['b', 'strong'], ['em', 'em'], ['i', 'em'], ['ul', 'ul'], ['ol', 'ol'], ['li', 'li'], ['a', 'a'],
]);
/** Elements dropped with all they hold. */
const RETIRES = new Set(['script', 'style', 'template', 'iframe', 'object', 'embed', 'svg', 'math', 'noscript', 'head', 'title', 'textarea', 'select']);

/** Longest link kept. */
const MAX_LIEN = 2000;
/** Deepest nesting read. */
export const MAX_PROFONDEUR = 20;

export type Sort = { genre: 'garde'; nom: string } | { genre: 'deballe' } | { genre: 'retire' };

/** What becomes of an element: kept, opened so that its content remains, or dropped. */
export function sortDe(element: string): Sort {
  const nom = element.toLowerCase();
  if (RETIRES.has(nom)) return { genre: 'retire' };
  const garde = ELEMENTS.get(nom);
  return garde === undefined ? { genre: 'deballe' } : { genre: 'garde', nom: garde };
}

/** The address a link may have; null for any other. */
export function lienPermis(adresse: string | null): string | null {
  const net = (adresse ?? '').trim();
  if (net.length === 0 || net.length > MAX_LIEN) return null;
  if (/^\/(?!\/)[^\s\\]*$/.test(net)) return net;
  if (/^mailto:[^\s@]{1,200}@[^\s@]{1,200}$/i.test(net)) return net;
  try {
    const url = new URL(net);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}
