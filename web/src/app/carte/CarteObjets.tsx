import { useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import { ToggleButton } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { Map as MapLibre, StyleSpecification } from 'maplibre-gl';
import { getJson } from '../../api/client';
import { styleQuery } from '../../api/queries';
import type { Configuration } from '../../api/types';
import { CoordinatesBar } from '../../coordinates/CoordinatesBar';
import { LayersPanel } from '../../layers/LayersPanel';
import { avecSurcouche, composeStyle } from '../../map/composer';
import { ETENDUE_FRANCE } from '../../map/creer';
import { MapControls } from '../../map/MapControls';
import { useFond, usePanneFond } from '../../map/useFond';
import { useMap } from '../../map/useMap';
import { IconeCouches } from '../../shell/icones';
import { parametresTuiles } from '../api/adresses';
import type { Demande, Etendue, Objet } from '../api/types';
import { coucheChemin, itineraireQuery } from '../chemin/chemin';
import { lireRefus } from '../api/refus';
import { Outils } from '../geometrie/Outils';
import type { Edition } from '../geometrie/edition';
import type { Adresse } from '../url/adresse';
import { updateAdresse } from '../url/useAdresse';
import { coucheObjets, planSous, SOURCE_OBJETS, type Tuiles } from './couche';
import { etendueDe } from './etendue';
import { LegendeObjets } from './LegendeObjets';
import { useCadreListe } from './useCadreListe';
import { useEtats } from './useEtats';
import { useGestesObjets } from './useGestesObjets';
import { etendueVue, useVueApp } from './useVueApp';

/** What the page may ask of its map. */
export interface CommandeCarte {
  cadrer: (etendue: Etendue) => void;
  /** The box it shows, null until it is made. */
  etendue: () => Etendue | null;
}

interface Props {
  ref?: Ref<CommandeCarte>;
  configuration: Configuration;
  objet: Objet;
  adresse: Adresse;
  demande: Demande;
  /** Whether it frames the rows of the list. */
  cadrerListe?: boolean;
  ouverte: string | null;
  selection: readonly string[];
  survol: string | null;
  /** Grows each time a row was written: the tiles are asked again. */
  ecrites: number;
  /** The shape being drawn, null when none is. */
  edition: Edition | null;
  /** What is shown over the rows: what a series would make. */
  dessus?: StyleSpecification | null;
  onOuvrir: (id: string, clavier: boolean) => void;
  onBasculer: (id: string) => void;
  onSurvol: (id: string | null) => void;
}

const doux = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches;
const AUCUNE: readonly string[] = [];
const STYLE_VIDE = { version: 8 as const, sources: {}, layers: [] };

/** The rows of the list on the map: the same filter, the same ticks, the same row pointed at. */
export default function CarteObjets(props: Props) {
  const { ref, configuration, objet, adresse, demande, cadrerListe = false, ouverte, selection, survol, ecrites, edition, dessus = null, onOuvrir, onBasculer, onSurvol } = props;
  const { t } = useLingui();
  const container = useRef<HTMLDivElement>(null);
  const [couchesOuvertes, setCouchesOuvertes] = useState(false);
  const styleId = configuration.styles.some((s) => s.id === adresse.style) ? adresse.style : 'cadastre';
  const base = useQuery({ ...styleQuery(styleId), placeholderData: (previous) => previous });
  const couche = objet.geometrie?.couche ?? null;
  const tuiles = useQuery({
    queryKey: ['tuiles', couche],
    queryFn: ({ signal }) => getJson<Tuiles>(`/tiles/${encodeURIComponent(couche ?? '')}`, signal),
    enabled: couche !== null,
    staleTime: Infinity,
    retry: false,
  });
  const styles = objet.geometrie?.styles ?? [];
  const teinte = styles.some((s) => s.id === adresse.teinte) ? adresse.teinte : null;
  const propre = useQuery({ ...styleQuery(teinte === null ? (couche ?? '') : `${couche ?? ''}.${teinte}`), enabled: couche !== null, placeholderData: (previous) => previous });
  const [chemin, setChemin] = useState(false);
  const mene = objet.itineraire === true && ouverte !== null;
  const itineraire = useQuery({ ...itineraireQuery(objet.module, objet.objet, ouverte ?? ''), enabled: mene && chemin });
  const trace = mene && chemin && itineraire.data ? itineraire.data : null;
  const parDessus = useMemo(() => dessus ?? (trace === null ? null : coucheChemin(trace)), [dessus, trace]);
  const parametres = parametresTuiles(demande);
  const sourceLayer = tuiles.data?.vector_layers?.[0]?.id ?? couche ?? '';
  const complet = useMemo(() => {
    if (!base.data) return null;
    if (couche === null || tuiles.isPending || propre.isPending) return base.data;
    const [lues, style] = [tuiles.data ?? {}, propre.data ?? null];
    return avecSurcouche(planSous(base.data, lues, style), coucheObjets(couche, objet.pluriel, lues, parametres, location.origin, style));
  }, [base.data, couche, objet.pluriel, tuiles.data, tuiles.isPending, parametres, propre.data, propre.isPending]);
  const fond = configuration.fonds.find((f) => f.id === adresse.fond) ?? null;
  const { dessin, enPanne, signalerPanne } = useFond(fond, adresse.opacite);
  const compose = useMemo(() => {
    const style = complet ?? STYLE_VIDE;
    return composeStyle(parDessus && complet ? avecSurcouche(style, parDessus) : style, adresse.couches, dessin, location.origin);
  }, [complet, parDessus, adresse.couches, dessin]);
  const map = useMap(
    container,
    compose,
    { vue: adresse.vue, etendue: configuration.etendue ?? ETENDUE_FRANCE },
    { titre: t`Carte : ${objet.pluriel}`, attribution: t`Signaler une erreur du fond`, afficherAttribution: t`Sources des données` },
  );

  usePanneFond(map, fond?.id ?? null, signalerPanne);
  useVueApp(map);
  useCadreListe(map, { objet, demande, zoomMin: tuiles.data?.minzoom ?? 0, actif: cadrerListe && !tuiles.isPending && !propre.isPending && edition === null, doux: doux() });
  useEtats(map, 'ouverte', useMemo(() => (ouverte === null ? AUCUNE : [ouverte]), [ouverte]), sourceLayer);
  useEtats(map, 'choisie', selection, sourceLayer);
  useEtats(map, 'survol', useMemo(() => (survol === null ? AUCUNE : [survol]), [survol]), sourceLayer);
  useGestesObjets(map, { actif: edition === null, onOuvrir, onBasculer, onSurvol });
  useEffect(() => {
    if (ecrites > 0 && map?.getSource(SOURCE_OBJETS)) map.refreshTiles(SOURCE_OBJETS);
  }, [map, ecrites]);
  useImperativeHandle(ref, () => commande(map), [map]);
  // The whole way comes in sight.
  const boite = trace === null ? null : etendueDe(trace.trace)?.join(',');
  useEffect(() => {
    if (!map || !boite) return;
    const [w = 0, s = 0, e = 0, n = 0] = boite.split(',').map(Number);
    commande(map).cadrer([w, s, e, n]);
  }, [map, boite]);

  return (
    <div className="carte-cadre app-carte">
      <div ref={container} className="carte" id="carte" data-repos="non" />
      <div className="viseur" aria-hidden="true" />
      <MapControls
        onZoom={(pas) => {
          if (pas > 0) map?.zoomIn({ animate: doux() });
          else map?.zoomOut({ animate: doux() });
        }}
        onNord={() => map?.resetNorth({ animate: doux() })}
        onEtendue={() => map?.fitBounds(configuration.etendue ?? ETENDUE_FRANCE, { padding: 48, maxZoom: 16.5, animate: doux() })}
      />
      <ToggleButton className="bouton bouton-couches" aria-label={t`Couches et légende`} isSelected={couchesOuvertes} onChange={setCouchesOuvertes}>
        <IconeCouches />
        {t`Couches`}
      </ToggleButton>
      {couchesOuvertes ? (
        <LayersPanel
          configuration={configuration}
          style={complet ?? undefined}
          styleId={styleId}
          couches={adresse.couches}
          fond={adresse.fond}
          opacite={adresse.opacite}
          onStyle={(style) => updateAdresse({ style })}
          onCouches={(couches) => updateAdresse({ couches })}
          onFond={(id) => updateAdresse({ fond: id })}
          onOpacite={(opacite) => updateAdresse({ opacite }, 'replace')}
          onFermer={() => setCouchesOuvertes(false)}
        />
      ) : null}
      {enPanne === null ? null : (
        <p className="avis app-avis" role="status">
          {t`Le fond « ${fond?.libelle ?? enPanne} » ne répond pas ; le plan cadastral reste affiché.`}
        </p>
      )}
      {mene ? (
        <div className="chemin-carte">
          <ToggleButton className="bouton" isSelected={chemin} onChange={setChemin}>
            {t`Itinéraire`}
          </ToggleButton>
          {chemin ? (
            <p role="status">
              {itineraire.error ? lireRefus(itineraire.error).detail || t`Le serveur ne répond pas : réessayez.` : (trace?.phrase ?? t`Chargement…`)}
            </p>
          ) : null}
        </div>
      ) : null}
      {complet ? (
        <LegendeObjets
          style={complet}
          propre={propre.data ?? null}
          choix={adresse.couches}
          styles={styles}
          teinte={teinte}
          onTeinte={(id) => updateAdresse({ teinte: id }, 'replace')}
        />
      ) : null}
      {edition && map ? <Outils map={map} edition={edition} /> : null}
      <CoordinatesBar map={map} />
    </div>
  );
}

const commande = (map: MapLibre | null): CommandeCarte => ({
  cadrer: ([w, s, e, n]) => map?.fitBounds([w, s, e, n], { padding: 60, maxZoom: 19, animate: doux(), duration: 600, linear: false }),
  etendue: () => (map ? etendueVue(map) : null),
});
