/** From the style in styles/ to the one the map draws: the reader's layers, and a background below. */
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { groupeOf, groupesVisibles, isSousFond, readGroupes } from './symbologie';

/** A background made ready for MapLibre: its source and the layers that draw it. */
export interface FondDessine {
  source: SourceSpecification;
  layers: LayerSpecification[];
}

export const SOURCE_FOND = 'fond';
export const SOURCE_PLAN = 'finage';

function withVisibility(layer: LayerSpecification, visible: boolean): LayerSpecification {
  return { ...layer, layout: { ...('layout' in layer ? layer.layout : {}), visibility: visible ? 'visible' : 'none' } };
}

/** A style with another drawn over it: its sources, its layers on top, its groups at the end of the list. */
export function avecSurcouche(base: StyleSpecification, dessus: StyleSpecification): StyleSpecification {
  return {
    ...base,
    sources: { ...base.sources, ...dessus.sources },
    layers: [...base.layers, ...dessus.layers],
    metadata: { ...(base.metadata as object), 'finage:groupes': [...readGroupes(base), ...readGroupes(dessus)] },
  };
}

/** Whether a layer writes something of its own over the plan. */
const ecritDessus = (layer: LayerSpecification): boolean =>
  layer.type === 'symbol' && layer.source !== SOURCE_PLAN && layer.layout?.visibility !== 'none' && layer.layout?.['text-field'] !== undefined;

/** Names of the plan that are always drawn give way to those that a layer over it writes at the same place. */
const cede = (layer: LayerSpecification): LayerSpecification =>
  layer.type === 'symbol' && layer.source === SOURCE_PLAN && layer.layout?.['text-allow-overlap'] !== undefined
    ? { ...layer, layout: { ...layer.layout, 'text-allow-overlap': false } }
    : layer;

/**
 * The style to draw. `base` is left as it is.
 * `origin` completes the addresses a style file writes without host.
 */
export function composeStyle(
  base: StyleSpecification,
  choix: readonly string[],
  fond: FondDessine | null,
  origin: string,
): StyleSpecification {
  const visibles = groupesVisibles(base, choix);
  const sources: Record<string, SourceSpecification> = {};
  for (const [id, source] of Object.entries(base.sources)) {
    sources[id] =
      'url' in source && typeof source.url === 'string' && source.url.startsWith('/')
        ? { ...source, url: origin + source.url }
        : source;
  }
  const layers = base.layers.map((layer) => {
    const groupe = groupeOf(layer);
    return groupe === null ? layer : withVisibility(layer, visibles.has(groupe));
  });
  // The plain ground stays below: it is what remains where a background has no tile or does not answer.
  const ground = layers.filter(isSousFond);
  const plan = layers.some(ecritDessus) ? layers.filter((layer) => !isSousFond(layer)).map(cede) : layers.filter((layer) => !isSousFond(layer));
  if (fond) sources[SOURCE_FOND] = fond.source;
  return { ...base, sources, layers: [...ground, ...(fond?.layers ?? []), ...plan] };
}
