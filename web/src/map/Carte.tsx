import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { StyleSpecification } from 'maplibre-gl';
import type { Geometry } from 'geojson';
import type { Etendue, Fond } from '../api/types';
import { CoordinatesBar } from '../coordinates/CoordinatesBar';
import type { Forme, Trace } from '../draw/traceur';
import type { ResultatMesure } from '../measure/geodesie';
import { MeasurePanel } from '../measure/MeasurePanel';
import { useMesure } from '../measure/useMesure';
import { useZone, useZoneMontree, type OutilZone } from '../selection/useZone';
import type { EtatCarte, GenreMesure, Mesure, Position } from '../url/state';
import { composeStyle } from './composer';
import { ETENDUE_FRANCE } from './creer';
import { MapControls } from './MapControls';
import { MapNotices } from './MapNotices';
import { SOURCE_ANNOTATIONS } from './selection';
import { useContenuVisible } from './useContenuVisible';
import { useFond, usePanneFond } from './useFond';
import type { FicheDessinee } from './selection';
import { useGestes, type But, type Moyen } from './useGestes';
import { useMap } from './useMap';
import { useMarque, useMarques } from './useMarques';
import { useCadrage, useVue, type Cadrage } from './useVue';
import { useRepere } from './useRepere';

interface Props {
  etat: EtatCarte;
  style: StyleSpecification;
  fonds: Fond[];
  /** Bounds of what is imported, null when nothing is. */
  etendue: Etendue | null;
  cadrage: Cadrage | null;
  /** Neighbour pointed at in the sheet. */
  voisine: string | null;
  mesureOuverte: boolean;
  /** What a click does. */
  but: But;
  /** Shape being drawn to select, null when none is. */
  forme: Forme | null;
  /** Shape last asked, shown with its buffer. */
  zone: Geometry | null;
  onParcelle: (idu: string, moyen: Moyen, but: But) => void;
  onAnnotation: (id: string, moyen: Moyen) => void;
  /** Layers of modules whose rows are found by a click, and those found. */
  couches: ReadonlySet<string>;
  onFiches: (fiches: readonly FicheDessinee[], idu: string | null) => void;
  /** Grows each time an annotation was made: its tiles are asked again. */
  faites: number;
  onPoint: (position: Position, moyen: Moyen, but: But) => void;
  onSurvol: (idu: string | null) => void;
  onTrace: (trace: Trace) => void;
  onFinTrace: () => void;
  onOutilZone: (outil: OutilZone) => void;
  onMesure: (mesure: Mesure | null) => void;
  onFermerMesure: () => void;
}

const doux = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The map itself, loaded after the page: what it draws is a function of the page's state. */
export default function Carte(props: Props) {
  const { etat, style, fonds, etendue, cadrage, voisine, mesureOuverte, but, forme, zone, faites } = props;
  const { couches, onParcelle, onAnnotation, onFiches, onPoint, onSurvol, onTrace, onFinTrace, onOutilZone, onMesure, onFermerMesure } = props;
  const { t } = useLingui();
  const container = useRef<HTMLDivElement>(null);
  const [trace, setTrace] = useState<GenreMesure | null>(null);
  const [resultat, setResultat] = useState<ResultatMesure | null>(null);

  const fond = fonds.find((f) => f.id === etat.fond) ?? null;
  const { dessin, enPanne, signalerPanne } = useFond(fond, etat.opacite);
  const compose = useMemo(() => composeStyle(style, etat.couches, dessin, location.origin), [style, etat.couches, dessin]);
  const map = useMap(
    container,
    compose,
    { vue: etat.vue, etendue: etendue ?? ETENDUE_FRANCE },
    { titre: t`Carte du cadastre`, attribution: t`Signaler une erreur du fond`, afficherAttribution: t`Sources des données` },
  );

  usePanneFond(map, fond?.id ?? null, signalerPanne);
  useVue(map);
  useCadrage(map, cadrage);
  useMarque(map, 'selection', etat.parcelle);
  useMarque(map, 'voisine', voisine);
  useMarques(map, 'choisie', etat.selection);
  useZoneMontree(map, zone);
  useRepere(map, etat.repere, t`Adresse trouvée`);
  const contenu = useContenuVisible(map);

  const dessine = mesureOuverte ? trace : null;
  useGestes(map, { actif: dessine === null && forme === null, but, couches, onParcelle, onAnnotation, onFiches, onPoint, onSurvol });
  useEffect(() => {
    if (faites > 0 && map?.getSource(SOURCE_ANNOTATIONS)) map.refreshTiles(SOURCE_ANNOTATIONS);
  }, [map, faites]);
  const outilZone = useZone(map, { forme, onFin: onTrace, onAnnuler: onFinTrace });
  useEffect(() => {
    onOutilZone(outilZone);
  }, [outilZone, onOutilZone]);
  const abandonner = useCallback(() => {
    setTrace(null);
    setResultat(null);
    onMesure(null);
  }, [onMesure]);
  const finir = useCallback(
    (mesure: Mesure) => {
      setTrace(null);
      onMesure(mesure);
    },
    [onMesure],
  );
  const outil = useMesure(map, { genre: dessine, mesure: etat.mesure, onResultat: setResultat, onFin: finir, onAnnuler: abandonner });

  const voirTout = (): void => {
    map?.fitBounds(etendue ?? ETENDUE_FRANCE, { padding: 48, maxZoom: 16.5, animate: doux() });
  };
  return (
    <>
      <div className="carte-cadre">
        <div ref={container} className="carte" id="carte" data-repos="non" />
        <div className="viseur" aria-hidden="true" />
        <MapControls
          onZoom={(pas) => {
            if (pas > 0) map?.zoomIn({ animate: doux() });
            else map?.zoomOut({ animate: doux() });
          }}
          onNord={() => {
            map?.resetNorth({ animate: doux() });
          }}
          onEtendue={voirTout}
        />
        <MapNotices
          contenu={etendue ? contenu : null}
          fondEnPanne={enPanne === null ? null : (fond?.libelle ?? enPanne)}
          onVoirTout={voirTout}
        />
        <CoordinatesBar map={map} />
      </div>
      {mesureOuverte ? (
        <MeasurePanel
          genre={trace}
          resultat={resultat}
          parcelle={etat.parcelle}
          onGenre={(genre) => {
            setResultat(null);
            onMesure(null);
            setTrace(genre);
            map?.getCanvas().focus({ preventScroll: true });
          }}
          onAnnulerPoint={outil.annulerPoint}
          onTerminer={outil.terminer}
          onEffacer={abandonner}
          onFermer={() => {
            setTrace(null);
            if (trace) setResultat(null);
            onFermerMesure();
          }}
        />
      ) : null}
    </>
  );
}
