import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { configurationQuery, parcelleAuPointQuery, sessionQuery, styleQuery } from '../api/queries';
import type { Geometry } from 'geojson';
import type { Etendue, Parcelle, Position, Resultat, Travail } from '../api/types';
import type { Forme, Trace } from '../draw/traceur';
import { addTravail, keepOuvert, readOuvert } from '../jobs/mesTravaux';
import { LayersPanel } from '../layers/LayersPanel';
import { avecSurcouche } from '../map/composer';
import type { Cadrage } from '../map/useVue';
import { CopyButton } from '../parcel/CopyButton';
import { ParcelPanel } from '../parcel/ParcelPanel';
import { SearchBox } from '../search/SearchBox';
import { geometrieOf } from '../selection/trace';
import { useAjout, type Reglage } from '../selection/useAjout';
import { useSelection } from '../selection/useSelection';
import type { OutilZone } from '../selection/useZone';
import type { FicheDessinee } from '../map/selection';
import type { But } from '../map/useGestes';
import { FichesIci } from '../parcel/FichesIci';
import { ETAT_INITIAL, type EtatCarte, type Mesure } from '../url/state';
import { getEtat, updateEtat, useEtat } from '../url/useEtat';
import { EmptyDatabase } from './EmptyDatabase';
import { IconeAnnotation, IconeCouches, IconeLien, IconeMenu, IconeRegle, IconeSelection } from './icones';
import { MenuPanel } from './MenuPanel';
import { OutilPanneau, type Panneau } from './OutilPanneau';
import { ServerDown } from './ServerDown';
import { SkipLinks } from './SkipLinks';
import { useTitre } from './useTitre';

const Carte = lazy(() => import('../map/Carte'));
const SelectionPanel = lazy(() => import('../selection/SelectionPanel'));
const AnnotationsPanel = lazy(() => import('../annotations/AnnotationsPanel'));
const JobsPanel = lazy(() => import('../jobs/JobsPanel'));

/** The panel a fresh page opens with: what its address or its tab holds. */
const premierPanneau = ({ mesure, selection }: EtatCarte): Panneau | null =>
  readOuvert() ? 'travaux' : selection.length > 0 ? 'selection' : mesure ? 'mesure' : null;

/** Half a house around a point, degrees: what to show of an address. */
const AUTOUR = 0.0004;

const autour = ([lon, lat]: Position): Etendue => [lon - AUTOUR, lat - AUTOUR, lon + AUTOUR, lat + AUTOUR];

const focusCarte = (): void => document.querySelector<HTMLElement>('#carte canvas')?.focus();
const focusRecherche = (): void => document.querySelector<HTMLElement>('[data-recherche="champ"]')?.focus();

/** The whole page: search above, map below, panels at its sides; its state is its address. */
export function Page() {
  const { t } = useLingui();
  const etat = useEtat();
  const client = useQueryClient();
  const configuration = useQuery(configurationQuery);
  const styles = configuration.data?.styles ?? [];
  // A style the server does not know falls back on the first one.
  const styleId = styles.some((s) => s.id === etat.style) ? etat.style : ETAT_INITIAL.style;
  const style = useQuery({ ...styleQuery(styleId), placeholderData: (previous) => previous });
  const session = useQuery(sessionQuery);
  const annoter = session.data?.droits?.annotation ?? [];
  const lit = annoter.includes('lire');
  const dessus = useQuery({ ...styleQuery('annotations'), enabled: lit });
  // Layers of modules that are open to who looks, the public too.
  const modules = useQuery(styleQuery('modules'));
  const complet = useMemo(() => {
    const dessines = [modules.data, lit ? dessus.data : undefined].filter((s) => s !== undefined);
    return style.data && dessines.reduce(avecSurcouche, style.data);
  }, [style.data, lit, dessus.data, modules.data]);
  // Rows are opened by who has an account.
  const agent = Boolean(session.data?.compte);
  const couchesModules = configuration.data?.couches;
  const couches = useMemo(() => new Set(agent ? (couchesModules ?? []).map((c) => c.id) : []), [agent, couchesModules]);
  /** Rows found by the last click, beside the parcel that it chose. */
  const [ici, setIci] = useState<{ fiches: readonly FicheDessinee[]; idu: string | null }>({ fiches: [], idu: null });
  const onFiches = useCallback((fiches: readonly FicheDessinee[], idu: string | null) => setIci({ fiches, idu }), []);
  /** The annotation whose sheet is shown. */
  const [annotation, setAnnotation] = useState<string | null>(null);
  /** Shape being drawn to annotate, and the one drawn. */
  const [formeNote, setFormeNote] = useState<Forme | null>(null);
  const [dessinee, setDessinee] = useState<Trace | null>(null);
  const [faites, setFaites] = useState(0);
  const [panneau, setPanneau] = useState<Panneau | null>(() => premierPanneau(etat));
  const selection = useSelection();
  const [forme, setForme] = useState<Forme | null>(null);
  const [zone, setZone] = useState<Geometry | null>(null);
  const [outilZone, setOutilZone] = useState<OutilZone | null>(null);
  const [reglage, setReglage] = useState<Reglage>({ tampon_m: 0, ajuster: 'touche' });
  const [survol, setSurvol] = useState<string | null>(null);
  /** Grows each time the right panel must take the keyboard's focus. */
  const [focusPanneau, setFocusPanneau] = useState(0);
  const ajout = useAjout(selection, setZone);
  const [cadrage, setCadrage] = useState<Cadrage | null>(null);
  const [voisine, setVoisine] = useState<string | null>(null);
  const [focusFiche, setFocusFiche] = useState(0);
  /** The parcel to bring into view when its sheet comes: at first only if the address gives no place. */
  const aCadrer = useRef<{ idu: string; siHorsVue: boolean } | null>(etat.parcelle && !etat.vue ? { idu: etat.parcelle, siHorsVue: false } : null);
  const retour = useRef<'carte' | 'recherche'>('carte');

  useTitre(etat.parcelle);

  const cadrer = useCallback((etendue: Etendue, siHorsVue = false) => {
    setCadrage((before) => ({ numero: (before?.numero ?? 0) + 1, etendue, siHorsVue }));
  }, []);
  const onArrivee = useCallback(
    (parcelle: Parcelle) => {
      const wanted = aCadrer.current;
      if (wanted?.idu !== parcelle.idu) return;
      aCadrer.current = null;
      cadrer(parcelle.etendue, wanted.siHorsVue);
    },
    [cadrer],
  );
  const { basculer } = selection;
  const panneauOuvert = useRef(panneau);
  useEffect(() => {
    panneauOuvert.current = panneau;
  });
  const choisirParcelle = useCallback(
    (idu: string, moyen: 'pointeur' | 'clavier', but: But) => {
      if (but === 'bascule') {
        basculer(idu);
        // Ctrl or Shift and a click begin a selection: its panel shows it, the keyboard stays on the map.
        setPanneau('selection');
        setFocusPanneau((n) => (panneauOuvert.current === 'selection' ? n : 0));
        return;
      }
      retour.current = 'carte';
      if (idu !== getEtat().parcelle) updateEtat({ parcelle: idu, repere: null }, 'push');
      if (moyen === 'clavier') setFocusFiche((n) => n + 1);
    },
    [basculer],
  );
  const choisirPoint = useCallback(
    (position: Position, moyen: 'pointeur' | 'clavier', but: But) => {
      client.query(parcelleAuPointQuery(position)).then(
        (parcelle) => {
          choisirParcelle(parcelle.idu, moyen, but);
        },
        // No parcel there: a road, water, or the ground of a neighbour commune.
        () => undefined,
      );
    },
    [client, choisirParcelle],
  );

  const choisirResultat = (resultat: Resultat): void => {
    const { properties, geometry } = resultat;
    // A row of a module has a screen of its own.
    if (properties.url) {
      location.assign(properties.url);
      return;
    }
    if (!geometry) return;
    const place = geometry.coordinates;
    retour.current = 'recherche';
    // An address and a typed place are points: a pin, and the sheet of the parcel under it.
    const adresse = properties.type === 'housenumber' || properties.type === 'coordonnees';
    const idu = properties.idu ?? (properties.type === 'parcelle' ? properties.id : null);
    aCadrer.current = idu && !adresse ? { idu, siHorsVue: false } : null;
    const deja = idu !== null && getEtat().parcelle === idu;
    updateEtat({ parcelle: idu, repere: adresse ? place : null }, 'push');
    if (idu && !adresse) {
      if (properties.bbox) cadrer(properties.bbox);
      else if (deja) void client.invalidateQueries({ queryKey: ['parcelle', idu] });
      if (properties.bbox) aCadrer.current = null;
    } else cadrer(adresse ? autour(place) : (properties.bbox ?? autour(place)));
    if (idu) setFocusFiche((n) => n + 1);
    else if (adresse) {
      client.query(parcelleAuPointQuery(place)).then(
        (parcelle) => {
          if (getEtat().repere === place) updateEtat({ parcelle: parcelle.idu }, 'replace');
          setFocusFiche((n) => n + 1);
        },
        focusCarte,
      );
    } else focusCarte();
  };

  const fermerFiche = (): void => {
    setVoisine(null);
    updateEtat({ parcelle: null }, 'push');
    if (retour.current === 'recherche') focusRecherche();
    else focusCarte();
  };
  const ouvrirPanneau = (suivant: Panneau | null): void => {
    setPanneau(suivant);
    keepOuvert(suivant === 'travaux');
    if (suivant !== 'selection') {
      setForme(null);
      setZone(null);
    }
    if (suivant !== 'annotations') setAnnotation(null);
    setFormeNote(null);
    setDessinee(null);
    if (suivant !== null) setFocusPanneau((n) => n + 1);
  };
  const fermerPanneau = (): void => {
    // The jobs have no button of their own in the bar: they come from the menu.
    const outil = panneau === 'travaux' ? 'menu' : (panneau ?? '');
    document.querySelector<HTMLElement>(`[data-outil="${outil}"]`)?.focus();
    ouvrirPanneau(null);
  };
  const choisirAnnotation = useCallback((id: string, moyen: 'pointeur' | 'clavier') => {
    setAnnotation(id);
    setPanneau('annotations');
    if (moyen === 'clavier') setFocusPanneau((n) => n + 1);
  }, []);
  const onTrace = (trace: Trace): void => {
    if (panneau === 'annotations') {
      setDessinee(trace);
      setFormeNote(null);
      setZone(geometrieOf(trace));
      setFocusPanneau((n) => n + 1);
      return;
    }
    void ajout.demander({ geometrie: geometrieOf(trace), ...reglage });
  };
  const finirTrace = useCallback(() => {
    setForme(null);
    setFormeNote(null);
  }, []);
  const onTravail = (travail: Travail): void => {
    addTravail(travail.id);
    ouvrirPanneau('travaux');
  };
  const onMesure = useCallback((mesure: Mesure | null) => {
    if (mesure || getEtat().mesure) updateEtat({ mesure }, 'push');
  }, []);
  const onTexte = useCallback((q: string) => {
    if (q !== getEtat().q) updateEtat({ q }, 'replace');
  }, []);

  const rien = configuration.data?.communes.length === 0;
  // Two decimals are a kilometre: near enough to rank, coarse enough to reuse answers.
  const pres: Position | null = etat.vue && [Math.round(etat.vue.lon * 100) / 100, Math.round(etat.vue.lat * 100) / 100];
  const [seule] = configuration.data?.communes.length === 1 ? configuration.data.communes : [];
  const nom = configuration.data?.nom ?? 'Finage';

  const fichesIci = ici.fiches.length > 0 && ici.idu === etat.parcelle ? <FichesIci fiches={ici.fiches} couches={couchesModules ?? []} /> : null;

  return (
    <div className="page" data-fiche={etat.parcelle ? 'ouverte' : 'fermee'} data-panneau-droit={panneau ?? 'aucun'}>
      <SkipLinks onCarte={focusCarte} onRecherche={focusRecherche} />
      <header className="barre">
        <h1 className="marque">
          <a className="marque-nom" href="/" aria-label={t`${nom}, accueil`}>
            {nom}
          </a>
          <span className="marque-lieu">{seule ? seule.nom : t`Carte du cadastre`}</span>
        </h1>
        <SearchBox q={etat.q} pres={pres} onTexte={onTexte} onChoix={choisirResultat} />
        <div className="outils" role="toolbar" aria-label={t`Outils de la carte`}>
          <OutilPanneau id="couches" ouvert={panneau} nom={t`Couches et légende`} court={t`Couches`} onOuvrir={ouvrirPanneau}>
            <IconeCouches />
          </OutilPanneau>
          <OutilPanneau id="selection" ouvert={panneau} nom={t`Sélection de parcelles`} court={t`Sélection`} nombre={etat.selection.length} onOuvrir={ouvrirPanneau}>
            <IconeSelection />
          </OutilPanneau>
          <OutilPanneau id="mesure" ouvert={panneau} nom={t`Mesurer une distance ou une surface`} court={t`Mesurer`} onOuvrir={ouvrirPanneau}>
            <IconeRegle />
          </OutilPanneau>
          {lit ? (
            <OutilPanneau id="annotations" ouvert={panneau} nom={t`Annotations de la collectivité`} court={t`Annoter`} onOuvrir={ouvrirPanneau}>
              <IconeAnnotation />
            </OutilPanneau>
          ) : null}
          <CopyButton className="outil" nom={t`Copier le lien vers cette carte`} texte={() => location.href}>
            <IconeLien />
            <span className="outil-nom">{t`Partager`}</span>
          </CopyButton>
          <OutilPanneau id="menu" ouvert={panneau} nom={t`Menu : travaux, accueil, accessibilité, mentions légales`} court={t`Menu`} onOuvrir={ouvrirPanneau}>
            <IconeMenu />
          </OutilPanneau>
        </div>
      </header>
      <p className="visuellement-cache" role="status" aria-live="polite" data-annonce="selection">
        {selection.avis && !selection.avis.refus ? <span key={selection.avis.numero}>{selection.avis.texte}</span> : null}
      </p>
      <main className="scene" id="scene">
        {configuration.data && complet ? (
          <Suspense fallback={<p className="attente">{t`Chargement de la carte…`}</p>}>
            <Carte
              etat={etat}
              style={complet}
              fonds={configuration.data.fonds}
              etendue={configuration.data.etendue}
              cadrage={cadrage}
              voisine={voisine}
              mesureOuverte={panneau === 'mesure'}
              but={panneau === 'selection' ? 'bascule' : 'fiche'}
              forme={panneau === 'selection' ? forme : panneau === 'annotations' ? formeNote : null}
              faites={faites}
              onAnnotation={choisirAnnotation}
              couches={couches}
              onFiches={onFiches}
              zone={zone}
              onParcelle={choisirParcelle}
              onPoint={choisirPoint}
              onSurvol={setSurvol}
              onTrace={onTrace}
              onFinTrace={finirTrace}
              onOutilZone={setOutilZone}
              onMesure={onMesure}
              onFermerMesure={fermerPanneau}
            />
          </Suspense>
        ) : configuration.error || style.error ? (
          <ServerDown
            onRetry={() => {
              void configuration.refetch();
              void style.refetch();
            }}
          />
        ) : (
          <p className="attente" role="status">{t`Chargement de la carte…`}</p>
        )}
        {rien ? <EmptyDatabase /> : null}
        {etat.parcelle ? (
          <ParcelPanel
            idu={etat.parcelle}
            prendreFocus={focusFiche}
            onFermer={fermerFiche}
            onCadrer={cadrer}
            choisie={selection.ensemble.has(etat.parcelle)}
            onBasculer={selection.basculer}
            onVoisin={(idu) => {
              aCadrer.current = { idu, siHorsVue: true };
              updateEtat({ parcelle: idu, repere: null }, 'push');
              setFocusFiche((n) => n + 1);
            }}
            onSurvolVoisin={setVoisine}
            onChercher={focusRecherche}
            onArrivee={onArrivee}
          >
            {fichesIci}
          </ParcelPanel>
        ) : fichesIci ? (
          <div className="avis fiches-seules">{fichesIci}</div>
        ) : null}
        {panneau === 'couches' && configuration.data ? (
          <LayersPanel
            configuration={configuration.data}
            style={complet}
            styleId={styleId}
            couches={etat.couches}
            fond={etat.fond}
            opacite={etat.opacite}
            onStyle={(id) => {
              updateEtat({ style: id }, 'push');
            }}
            onCouches={(couches) => {
              updateEtat({ couches }, 'push');
            }}
            onFond={(fond) => {
              updateEtat({ fond }, 'push');
            }}
            onOpacite={(opacite) => {
              updateEtat({ opacite }, 'replace');
            }}
            onFermer={fermerPanneau}
          />
        ) : null}
        <Suspense fallback={null}>
          {panneau === 'selection' ? (
            <SelectionPanel
              selection={selection}
              ajout={ajout}
              communes={configuration.data?.communes ?? []}
              pres={pres}
              forme={forme}
              outil={outilZone}
              reglage={reglage}
              survol={survol}
              focus={focusPanneau}
              onForme={(next) => {
                setForme(next);
                if (next) focusCarte();
              }}
              onReglage={setReglage}
              onZone={setZone}
              onPointer={setVoisine}
              onCadrer={cadrer}
              onFiche={(idu) => {
                aCadrer.current = { idu, siHorsVue: true };
                updateEtat({ parcelle: idu, repere: null }, 'push');
                setFocusFiche((n) => n + 1);
              }}
              onTravail={onTravail}
              onFermer={fermerPanneau}
            />
          ) : null}
          {panneau === 'annotations' ? (
            <AnnotationsPanel
              id={annotation}
              peutCreer={annoter.includes('creer')}
              forme={formeNote}
              dessinee={dessinee}
              outil={outilZone}
              focus={focusPanneau}
              onForme={(next) => {
                setAnnotation(null);
                setDessinee(null);
                setZone(null);
                setFormeNote(next);
                if (next) focusCarte();
              }}
              onFaite={(made) => {
                setZone(null);
                setDessinee(null);
                setFaites((n) => n + 1);
                setAnnotation(made);
                setFocusPanneau((n) => n + 1);
              }}
              onFermer={fermerPanneau}
            />
          ) : null}
          {panneau === 'travaux' ? <JobsPanel focus={focusPanneau} onFermer={fermerPanneau} /> : null}
        </Suspense>
        {panneau === 'menu' ? <MenuPanel annotations={lit} onTravaux={() => ouvrirPanneau('travaux')} onFermer={fermerPanneau} /> : null}
      </main>
    </div>
  );
}
