/** How the layer of an object is drawn on the map page: the application takes its colours and its legend from there. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { readGroupes, type EntreeLegende } from '../../map/symbologie';

export type Couleur = string | ExpressionSpecification;
type Genre = 'fill' | 'line' | 'circle';

export interface Symbologie {
  couleurs: Record<Genre, Couleur>;
  legende: EntreeLegende[];
}

/** Of a layer whose style says nothing. */
const TRAIT = '#8a2f6b';
/** The layer of [`coucheObjets`] that stands for each kind. */
const CALQUES: Record<Genre, string> = { fill: 'objets-surfaces', line: 'objets-lignes', circle: 'objets-points' };

const estGenre = (type: string): type is Genre => type in CALQUES;

/** The colour of a layer; null where it depends on the zoom, which an expression over states cannot hold. */
function couleurDe(layer: LayerSpecification): Couleur | null {
  if (!estGenre(layer.type)) return null;
  const couleur: unknown = (layer.paint as Record<string, unknown> | undefined)?.[`${layer.type}-color`];
  if (typeof couleur === 'string') return couleur;
  return Array.isArray(couleur) && !JSON.stringify(couleur).includes('["zoom"]') ? (couleur as unknown as ExpressionSpecification) : null;
}

/** Colours by kind of shape, one kind's standing for those the style does not draw; the legend of the style, else the name alone. */
export function symbologieDe(style: StyleSpecification | undefined, libelle: string): Symbologie {
  const trouvees = new Map<Genre, Couleur>();
  for (const layer of style?.layers ?? []) {
    const couleur = couleurDe(layer);
    if (couleur !== null && estGenre(layer.type) && !trouvees.has(layer.type)) trouvees.set(layer.type, couleur);
  }
  const [[premier, une] = ['circle', TRAIT] as const] = trouvees;
  const de = (genre: Genre): Couleur => trouvees.get(genre) ?? une;
  const genres = new Map((style?.layers ?? []).map((l) => [l.id, l.type]));
  const legende = (style ? readGroupes(style) : []).flatMap((g) => g.legende).map((entree) => {
    const genre = genres.get(entree.couche) ?? premier;
    return { ...entree, couche: CALQUES[estGenre(genre) ? genre : premier] };
  });
  return {
    couleurs: { fill: de('fill'), line: de('line'), circle: de('circle') },
    legende: legende.length > 0 ? legende : [{ couche: CALQUES[premier], libelle }],
  };
}
