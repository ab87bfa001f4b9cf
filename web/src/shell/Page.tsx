import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { configurationQuery, parcelleAuPointQuery, styleQuery } from '../api/queries';
import type { Etendue, Parcelle, Position, Resultat } from '../api/types';
import { LayersPanel } from '../layers/LayersPanel';
import type { Cadrage } from '../map/useVue';
import { CopyButton } from '../parcel/CopyButton';
import { ParcelPanel } from '../parcel/ParcelPanel';
import { SearchBox } from '../search/SearchBox';
import { ETAT_INITIAL, type Mesure } from '../url/state';
import { getEtat, updateEtat, useEtat } from '../url/useEtat';
import { EmptyDatabase } from './EmptyDatabase';
import { IconeCouches, IconeLien, IconeRegle } from './icones';
import { ServerDown } from './ServerDown';
import { SkipLinks } from './SkipLinks';
import { useTitre } from './useTitre';

const Carte = lazy(() => import('../map/Carte'));

type Panneau = 'couches' | 'mesure' | null;

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
  const [panneau, setPanneau] = useState<Panneau>(etat.mesure ? 'mesure' : null);
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
  const choisirParcelle = useCallback((idu: string, moyen: 'pointeur' | 'clavier') => {
    retour.current = 'carte';
    if (idu !== getEtat().parcelle) updateEtat({ parcelle: idu, repere: null }, 'push');
    if (moyen === 'clavier') setFocusFiche((n) => n + 1);
  }, []);
  const choisirPoint = useCallback(
    (position: Position, moyen: 'pointeur' | 'clavier') => {
      client.query(parcelleAuPointQuery(position)).then(
        (parcelle) => {
          choisirParcelle(parcelle.idu, moyen);
        },
        // No parcel there: a road, water, or the ground of a neighbour commune.
        () => undefined,
      );
    },
    [client, choisirParcelle],
  );

  const choisirResultat = (resultat: Resultat): void => {
    const { properties, geometry } = resultat;
    const place = geometry.coordinates;
    retour.current = 'recherche';
    const adresse = properties.type === 'housenumber';
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
  const fermerPanneau = (): void => {
    document.querySelector<HTMLElement>(`[data-outil="${panneau ?? ''}"]`)?.focus();
    setPanneau(null);
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

  return (
    <div className="page" data-fiche={etat.parcelle ? 'ouverte' : 'fermee'} data-panneau-droit={panneau ?? 'aucun'}>
      <SkipLinks onCarte={focusCarte} onRecherche={focusRecherche} />
      <header className="barre">
        <h1 className="marque">
          <span className="marque-nom">{nom}</span>
          <span className="marque-lieu">{seule ? seule.nom : t`Carte du cadastre`}</span>
        </h1>
        <SearchBox q={etat.q} pres={pres} onTexte={onTexte} onChoix={choisirResultat} />
        <div className="outils" role="toolbar" aria-label={t`Outils de la carte`}>
          <ToggleButton
            className="outil"
            data-outil="couches"
            aria-expanded={panneau === 'couches'}
            aria-controls={panneau === 'couches' ? 'couches' : undefined}
            aria-label={t`Couches et légende`}
            isSelected={panneau === 'couches'}
            onChange={(on) => {
              setPanneau(on ? 'couches' : null);
            }}
          >
            <IconeCouches />
            <span className="outil-nom">{t`Couches`}</span>
          </ToggleButton>
          <ToggleButton
            className="outil"
            data-outil="mesure"
            aria-expanded={panneau === 'mesure'}
            aria-controls={panneau === 'mesure' ? 'mesure' : undefined}
            aria-label={t`Mesurer une distance ou une surface`}
            isSelected={panneau === 'mesure'}
            onChange={(on) => {
              setPanneau(on ? 'mesure' : null);
            }}
          >
            <IconeRegle />
            <span className="outil-nom">{t`Mesurer`}</span>
          </ToggleButton>
          <CopyButton className="outil" nom={t`Copier le lien vers cette carte`} texte={() => location.href}>
            <IconeLien />
            <span className="outil-nom">{t`Partager`}</span>
          </CopyButton>
        </div>
      </header>
      <main className="scene" id="scene">
        {configuration.data && style.data ? (
          <Suspense fallback={<p className="attente">{t`Chargement de la carte…`}</p>}>
            <Carte
              etat={etat}
              style={style.data}
              fonds={configuration.data.fonds}
              etendue={configuration.data.etendue}
              cadrage={cadrage}
              voisine={voisine}
              mesureOuverte={panneau === 'mesure'}
              onParcelle={choisirParcelle}
              onPoint={choisirPoint}
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
            onVoisin={(idu) => {
              aCadrer.current = { idu, siHorsVue: true };
              updateEtat({ parcelle: idu, repere: null }, 'push');
              setFocusFiche((n) => n + 1);
            }}
            onSurvolVoisin={setVoisine}
            onChercher={focusRecherche}
            onArrivee={onArrivee}
          />
        ) : null}
        {panneau === 'couches' && configuration.data ? (
          <LayersPanel
            configuration={configuration.data}
            style={style.data}
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
      </main>
    </div>
  );
}
