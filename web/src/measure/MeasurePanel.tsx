import { Button, ToggleButton } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { formatAire, formatLongueur, formatSurface } from '../format/nombres';
import { IconeAnnuler } from '../shell/icones';
import { Panel } from '../shell/Panel';
import type { GenreMesure } from '../url/state';
import { ContenanceBeside } from './ContenanceBeside';
import type { ResultatMesure } from './geodesie';

interface Props {
  /** What is being drawn, null when nothing is. */
  genre: GenreMesure | null;
  resultat: ResultatMesure | null;
  /** Parcel whose sheet is open: a measured area is set beside its contenance. */
  parcelle: string | null;
  onGenre: (genre: GenreMesure | null) => void;
  onAnnulerPoint: () => void;
  onTerminer: () => void;
  onEffacer: () => void;
  onFermer: () => void;
}

const HECTARE_M2 = 10_000;

/** The measure's buttons and its figures, also said aloud once the shape is finished. */
export function MeasurePanel({ genre, resultat, parcelle, onGenre, onAnnulerPoint, onTerminer, onEffacer, onFermer }: Props) {
  const { t } = useLingui();
  const aire = resultat?.aire_m2 ?? null;

  return (
    <Panel
      id="mesure"
      cote="droit"
      titre={t`Mesurer`}
      nomFermer={t`Fermer la mesure`}
      onFermer={onFermer}
      echapFerme={genre === null}
      focus={1}
    >
        <div className="segments-liste" role="group" aria-label={t`Que mesurer ?`}>
          <ToggleButton
            className="segment"
            isSelected={genre === 'distance'}
            onChange={(on) => {
              onGenre(on ? 'distance' : null);
            }}
          >
            {t`Distance`}
          </ToggleButton>
          <ToggleButton
            className="segment"
            isSelected={genre === 'surface'}
            onChange={(on) => {
              onGenre(on ? 'surface' : null);
            }}
          >
            {t`Surface`}
          </ToggleButton>
        </div>
        {genre === null && resultat === null ? (
          <p className="discret">{t`Choisissez ce que vous mesurez, puis cliquez sur la carte.`}</p>
        ) : null}
        {resultat ? (
          <div role={genre === null ? 'status' : undefined}>
          <dl className="mesures">
            {aire === null ? null : (
              <div>
                <dt>{t`Surface`}</dt>
                <dd>
                  <span className="grand">{formatAire(aire)}</span>
                  {aire >= HECTARE_M2 ? <span>{formatSurface(aire)}</span> : null}
                </dd>
              </div>
            )}
            {aire === null || parcelle === null ? null : <ContenanceBeside idu={parcelle} aire={aire} />}
            <div>
              <dt>{aire === null ? t`Distance` : t`Périmètre`}</dt>
              <dd>
                <span className={aire === null ? 'grand' : ''}>{formatLongueur(resultat.longueur_m)}</span>
                {resultat.segments_m.length > 1 && aire === null ? (
                  <span>{t`dernier segment ${formatLongueur(resultat.segments_m.at(-1) ?? 0)}`}</span>
                ) : null}
              </dd>
            </div>
          </dl>
          </div>
        ) : null}
        {genre === null ? null : (
          <>
            <p className="discret">
              {t`Cliquez pour poser un point, double-cliquez ou Entrée pour finir, Échap pour abandonner, Ctrl + Z pour revenir d’un point. Au clavier : flèches pour déplacer la carte, Espace pour poser un point au centre.`}
            </p>
            <div className="rangee">
              <Button className="bouton" onPress={onAnnulerPoint}>
                <IconeAnnuler />
                {t`Annuler le point`}
              </Button>
              <Button className="bouton bouton-principal" onPress={onTerminer}>
                {t`Terminer`}
              </Button>
            </div>
          </>
        )}
        {genre === null && resultat !== null ? (
          <div className="rangee">
            <Button className="bouton" onPress={onEffacer}>
              {t`Effacer la mesure`}
            </Button>
          </div>
        ) : null}
        <p className="discret mention">
          {t`Longueurs et surfaces géodésiques, calculées sur l’ellipsoïde WGS84 (algorithme de Karney) : ni la projection de l’écran ni le relief n’y entrent.`}
        </p>
    </Panel>
  );
}
