import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { ContenuVisible } from './useContenuVisible';

interface Props {
  /** Null when nothing at all is imported: the page says that elsewhere. */
  contenu: ContenuVisible | null;
  /** Name of the background that does not answer. */
  fondEnPanne: string | null;
  onVoirTout: () => void;
}

/** Quiet words over the map: why no parcel is seen, which background is missing. */
export function MapNotices({ contenu, fondEnPanne, onVoirTout }: Props) {
  const { t } = useLingui();
  return (
    <div className="avis-pile" role="status" aria-live="polite">
      {contenu === 'loin' ? <p className="avis">{t`Zoomez pour choisir une parcelle`}</p> : null}
      {contenu === 'vide' ? (
        <p className="avis">
          {t`Aucune parcelle importée ici.`}{' '}
          <Button className="lien" onPress={onVoirTout}>
            {t`Voir ce qui est importé`}
          </Button>
        </p>
      ) : null}
      {fondEnPanne !== null ? (
        <p className="avis">{t`Le fond « ${fondEnPanne} » ne répond pas ; le plan cadastral reste affiché.`}</p>
      ) : null}
    </div>
  );
}
