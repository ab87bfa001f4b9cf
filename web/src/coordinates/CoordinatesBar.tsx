import { useEffect, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { Map as MapLibre, MapMouseEvent } from 'maplibre-gl';
import type { Position } from '../api/types';
import { copier, CopyButton } from '../parcel/CopyButton';
import { IconeCopier } from '../shell/icones';
import { ecrireCoordonnees, type Coordonnees } from './ecrire';
import { legalOf, systemeOf, zoneOf, type Choix, WGS84 } from './systemes';

const CLE = 'finage.coordonnees';
const CHOIX: readonly Choix[] = ['wgs84', 'legal', 'cc'];

/** The reader's system, kept by the browser; a browser that keeps nothing starts with degrees. */
function readChoix(): Choix {
  try {
    const kept = localStorage.getItem(CLE);
    return CHOIX.find((c) => c === kept) ?? 'wgs84';
  } catch {
    return 'wgs84';
  }
}

function keepChoix(choix: Choix): void {
  try {
    localStorage.setItem(CLE, choix);
  } catch {
    // Storage refused: the choice holds until the page is left.
  }
}

type Projeter = typeof import('./projections').projeter;

/** proj4, loaded once a projected system is chosen. */
function useProjeter(needed: boolean): Projeter | null {
  const [projeter, setProjeter] = useState<Projeter | null>(null);
  useEffect(() => {
    if (!needed) return;
    let gone = false;
    void import('./projections').then((made) => {
      if (!gone) setProjeter(() => made.projeter);
    });
    return () => {
      gone = true;
    };
  }, [needed]);
  return projeter;
}

/** Where the pointer is, null off the map; and the centre. */
function usePlace(map: MapLibre | null): { pointeur: Position | null; centre: Position | null } {
  const [pointeur, setPointeur] = useState<Position | null>(null);
  const [centre, setCentre] = useState<Position | null>(null);
  useEffect(() => {
    if (!map) return;
    const move = (event: MapMouseEvent): void => setPointeur([event.lngLat.lng, event.lngLat.lat]);
    const leave = (): void => setPointeur(null);
    const pan = (): void => {
      const { lng, lat } = map.getCenter();
      setCentre([lng, lat]);
    };
    pan();
    map.on('mousemove', move);
    map.on('mouseout', leave);
    map.on('move', pan);
    return () => {
      map.off('mousemove', move);
      map.off('mouseout', leave);
      map.off('move', pan);
    };
  }, [map]);
  return { pointeur, centre };
}

/** Coordinates under the pointer, or of the centre, in the system the reader chose; a right click copies those of its place. */
export function CoordinatesBar({ map }: { map: MapLibre | null }) {
  const { t } = useLingui();
  const [choix, setChoix] = useState(readChoix);
  const [copie, setCopie] = useState('');
  const { pointeur, centre } = usePlace(map);
  const projeter = useProjeter(choix !== 'wgs84');

  useEffect(() => {
    if (!map) return;
    const copy = ({ lngLat }: MapMouseEvent): void => {
      const ici: Position = [lngLat.lng, lngLat.lat];
      const { copie: texte } = ecrireCoordonnees(ici, systemeOf(choix, ici) ?? WGS84, projeter);
      void copier(texte).then((done) => {
        if (done) setCopie(t`Coordonnées copiées : ${texte}`);
      });
    };
    map.on('contextmenu', copy);
    return () => {
      map.off('contextmenu', copy);
    };
  }, [map, choix, projeter, t]);

  const lue = pointeur ?? centre;
  if (!lue) return null;
  const write = (place: Position): Coordonnees => ecrireCoordonnees(place, systemeOf(choix, place) ?? WGS84, projeter);
  const legal = legalOf(lue);
  const zone = zoneOf(lue);
  // A choice that does not hold here, or whose projection is still on its way, is kept; meanwhile degrees are shown, and said.
  const valeur: Choix = systemeOf(choix, lue) && (choix === 'wgs84' || projeter) ? choix : 'wgs84';

  return (
    <div className="coordonnees" role="group" aria-label={t`Coordonnées`}>
      <select
        className="coordonnees-systeme"
        aria-label={t`Système de coordonnées`}
        value={valeur}
        onChange={(event) => {
          const next = CHOIX.find((c) => c === event.target.value) ?? 'wgs84';
          setChoix(next);
          keepChoix(next);
        }}
      >
        <option value="wgs84">{WGS84.nom}</option>
        {legal ? <option value="legal">{legal.nom}</option> : null}
        {zone ? <option value="cc">{zone.nom}</option> : null}
      </select>
      <span className="coordonnees-texte">
        <span className="visuellement-cache">{pointeur ? t`Sous le pointeur :` : t`Centre de la carte :`} </span>
        {write(lue).texte}
      </span>
      <CopyButton className="bouton-nu coordonnees-copier" nom={t`Copier les coordonnées du centre de la carte`} texte={() => write(centre ?? lue).copie}>
        <IconeCopier />
      </CopyButton>
      <span className="visuellement-cache" role="status">
        {copie}
      </span>
    </div>
  );
}
