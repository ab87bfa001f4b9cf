import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Map as MapLibre, StyleSpecification } from 'maplibre-gl';
import type { Etendue } from '../api/types';
import type { Vue } from '../url/state';
import { chargerPolices, creerCarte, type Textes } from './creer';

/** Sources and layers that drawings and the selection's zone add by themselves; a new style must not drop them. */
const dessin = (id: string): boolean => id.startsWith('td-') || id.startsWith('zone-');

/** How long after its last drawing the map is asked whether it has all it waits for. */
const VEILLE_MS = 500;

function garderDessin(avant: StyleSpecification | undefined, apres: StyleSpecification): StyleSpecification {
  if (!avant) return apres;
  const sources = Object.entries(avant.sources).filter(([id]) => dessin(id));
  const layers = avant.layers.filter((l) => dessin(l.id));
  return { ...apres, sources: { ...apres.sources, ...Object.fromEntries(sources) }, layers: [...apres.layers, ...layers] };
}

/** The map of a container, made once its fonts are there, drawn with `style` as it changes. */
export function useMap(
  container: RefObject<HTMLDivElement | null>,
  style: StyleSpecification,
  depart: { vue: Vue | null; etendue: Etendue },
  textes: Textes,
): MapLibre | null {
  const [map, setMap] = useState<MapLibre | null>(null);
  const first = useRef({ style, depart, textes });
  const drawn = useRef<StyleSpecification | null>(null);

  useEffect(() => {
    const element = container.current;
    if (!element) return;
    let made: MapLibre | null = null;
    let veille: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    // A tile asked again and found unchanged ends without an event: drawn once more, the map says that it is at rest.
    const veiller = (): void => {
      if (made?.loaded()) made.triggerRepaint();
      else veille = setTimeout(veiller, VEILLE_MS);
    };
    void chargerPolices().then(() => {
      if (gone) return;
      made = creerCarte(element, first.current.style, first.current.depart, first.current.textes);
      drawn.current = first.current.style;
      // What a test waits for: the map has drawn all it has.
      made.on('render', () => {
        if (element.dataset.repos !== 'non') element.dataset.repos = 'non';
        clearTimeout(veille);
        veille = setTimeout(veiller, VEILLE_MS);
      });
      made.on('idle', () => {
        clearTimeout(veille);
        element.dataset.repos = 'oui';
      });
      setMap(made);
    });
    return () => {
      gone = true;
      clearTimeout(veille);
      made?.remove();
      setMap(null);
    };
  }, [container]);

  useEffect(() => {
    if (!map || drawn.current === style) return;
    drawn.current = style;
    map.setStyle(style, { diff: true, transformStyle: garderDessin });
  }, [map, style]);

  return map;
}
