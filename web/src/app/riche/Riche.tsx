import { createElement, useMemo, type ReactNode } from 'react';
import { lireRiche, type Noeud } from './assainir';

const rendre = (noeuds: readonly Noeud[]): ReactNode[] =>
  noeuds.map((noeud, i) => {
    if (typeof noeud === 'string') return noeud;
    const props = noeud.nom === 'a' ? { key: i, href: noeud.lien, rel: 'noreferrer' } : { key: i };
    return noeud.nom === 'br' ? <br key={i} /> : createElement(noeud.nom, props, ...rendre(noeud.enfants));
  });

/** A rich text, made again from what is allowed of it. */
export function Riche({ html }: { html: string }) {
  const noeuds = useMemo(() => lireRiche(html), [html]);
  return <div className="riche">{rendre(noeuds)}</div>;
}

