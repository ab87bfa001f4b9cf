/** What the page reads in a style's own metadata: groups of layers, and the legend they draw. */
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';

export interface EntreeLegende {
  /** Style layer the swatch is drawn from. */
  couche: string;
  libelle: string;
  /** Sample text, for a layer of labels. */
  texte?: string;
  /** Name of a symbol of styles/symbols. */
  icone?: string;
  /** Its own colour, of a layer that has one a value. */
  couleur?: string;
}

export interface GroupeCouches {
  id: string;
  libelle: string;
  theme: string;
  legende: EntreeLegende[];
}

type Metadonnees = Record<string, unknown> | undefined;

const metadata = (of: { metadata?: unknown }): Metadonnees => of.metadata as Metadonnees;

/** The groups a style declares, in the order of its list. */
export function readGroupes(style: StyleSpecification): GroupeCouches[] {
  const groupes = metadata(style)?.['finage:groupes'];
  return Array.isArray(groupes) ? (groupes as GroupeCouches[]) : [];
}

export function groupeOf(layer: LayerSpecification): string | null {
  const groupe = metadata(layer)?.['finage:groupe'];
  return typeof groupe === 'string' ? groupe : null;
}

/** Plain ground, that a background picture is drawn over. */
export const isSousFond = (layer: LayerSpecification): boolean => metadata(layer)?.['finage:sous-fond'] === true;

const isHidden = (layer: LayerSpecification): boolean => 'layout' in layer && layer.layout?.visibility === 'none';

/** Groups the style itself shows at first. */
export function groupesParDefaut(style: StyleSpecification): Set<string> {
  return new Set(
    readGroupes(style)
      .map((g) => g.id)
      .filter((id) => style.layers.some((l) => groupeOf(l) === id && !isHidden(l))),
  );
}

/** Groups shown once the reader's own choices (`-numeros`, `feuilles`) are applied. */
export function groupesVisibles(style: StyleSpecification, choix: readonly string[]): Set<string> {
  const visibles = groupesParDefaut(style);
  for (const c of choix) {
    if (c.startsWith('-')) visibles.delete(c.slice(1));
    else visibles.add(c);
  }
  return visibles;
}

/** The choices after one group is switched, written against the style's own choice. */
export function basculerGroupe(style: StyleSpecification, choix: readonly string[], id: string, visible: boolean): string[] {
  const reste = choix.filter((c) => c !== id && c !== `-${id}`);
  if (groupesParDefaut(style).has(id) === visible) return reste;
  return [...reste, visible ? id : `-${id}`].sort();
}
