import { useCallback, useEffect, useRef, useState } from 'react';
import { Marker, type Map as MapLibre } from 'maplibre-gl';
import { formatAire, formatLongueur } from '../format/nombres';
import type { GenreMesure, Mesure, Position } from '../url/state';
import { mesurer, type ResultatMesure } from './geodesie';
import type { Forme, Trace, Traceur } from '../draw/traceur';

export interface Outil {
  terminer: () => void;
  annulerPoint: () => void;
}

/** Words of the label that follows the drawing. */
export const libelleMesure = (r: ResultatMesure): string => (r.aire_m2 === null ? formatLongueur(r.longueur_m) : formatAire(r.aire_m2));

const ENCRE = '#0b4f8a';
const FORMES = { distance: 'ligne', surface: 'polygone' } as const satisfies Record<GenreMesure, Forme>;

const traceOf = ({ genre, points }: Mesure): Trace => ({ forme: FORMES[genre], points });
const mesureOf = ({ forme, points }: Trace): Mesure => ({ genre: forme === 'ligne' ? 'distance' : 'surface', points });

function placeLabel({ genre, points }: Mesure): Position | null {
  const last = points.at(-1);
  if (!last || genre === 'distance') return last ?? null;
  const n = points.length;
  return [points.reduce((a, p) => a + p[0], 0) / n, points.reduce((a, p) => a + p[1], 0) / n];
}

function useEtiquette(map: MapLibre | null): (mesure: Mesure | null, texte: string) => void {
  const marker = useRef<Marker | null>(null);
  useEffect(
    () => () => {
      marker.current?.remove();
      marker.current = null;
    },
    [map],
  );
  return useCallback(
    (mesure, texte) => {
      const place = mesure && placeLabel(mesure);
      if (!map || !mesure || !place) {
        marker.current?.remove();
        marker.current = null;
        return;
      }
      if (!marker.current) {
        const element = document.createElement('div');
        element.className = 'etiquette-mesure';
        // The panel says the same aloud.
        element.setAttribute('aria-hidden', 'true');
        marker.current = new Marker({ element, anchor: 'bottom', offset: [0, -10] }).setLngLat(place).addTo(map);
      }
      marker.current.setLngLat(place).getElement().textContent = texte;
    },
    [map],
  );
}

interface Demande {
  /** What is being drawn, null when nothing is. */
  genre: GenreMesure | null;
  /** The finished measure. */
  mesure: Mesure | null;
  onResultat: (resultat: ResultatMesure | null) => void;
  onFin: (mesure: Mesure) => void;
  onAnnuler: () => void;
}

/** Draws, shows and names a measure; Terra Draw is loaded at the first one. */
export function useMesure(map: MapLibre | null, { genre, mesure, onResultat, onFin, onAnnuler }: Demande): Outil {
  const [traceur, setTraceur] = useState<Traceur | null>(null);
  const etiqueter = useEtiquette(map);
  const needed = genre !== null || mesure !== null;
  const handlers = useRef({ onResultat, onFin });
  useEffect(() => {
    handlers.current = { onResultat, onFin };
  });

  useEffect(() => {
    if (!map || !needed) return;
    let gone = false;
    let made: Traceur | null = null;
    void import('../draw/traceur').then(({ Traceur: Made }) => {
      if (gone) return;
      made = new Made(map, 'mesure', ENCRE, {
        onTrace: (trace) => {
          const drawn = trace && mesureOf(trace);
          const enough = drawn && drawn.points.length >= (drawn.genre === 'surface' ? 3 : 2);
          const resultat = enough ? mesurer(drawn.genre, drawn.points) : null;
          etiqueter(enough ? drawn : null, resultat ? libelleMesure(resultat) : '');
          handlers.current.onResultat(resultat);
        },
        onFin: (trace) => {
          handlers.current.onFin(mesureOf(trace));
        },
      });
      setTraceur(made);
    });
    return () => {
      gone = true;
      made?.fermer();
      etiqueter(null, '');
      setTraceur(null);
    };
  }, [map, needed, etiqueter]);

  useEffect(() => {
    if (!traceur) return;
    if (genre) traceur.commencer(FORMES[genre]);
    else if (mesure) traceur.montrer(traceOf(mesure));
    else traceur.effacer();
  }, [traceur, genre, mesure]);

  useEffect(() => {
    if (!map || !traceur || !genre) return;
    const canvas = map.getCanvas();
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onAnnuler();
      else if (event.key === ' ' && event.target === canvas) {
        event.preventDefault();
        traceur.poserAuCentre();
      }
    };
    document.addEventListener('keydown', key);
    return () => {
      document.removeEventListener('keydown', key);
    };
  }, [map, traceur, genre, onAnnuler]);

  return {
    terminer: useCallback(() => traceur?.terminer(), [traceur]),
    annulerPoint: useCallback(() => traceur?.annulerPoint(), [traceur]),
  };
}
