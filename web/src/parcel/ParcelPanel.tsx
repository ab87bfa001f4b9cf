import { useEffect, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { ErreurApi } from '../api/client';
import { parcelleQuery } from '../api/queries';
import type { Etendue, Parcelle } from '../api/types';
import { Panel } from '../shell/Panel';
import { ParcelSheet } from './ParcelSheet';

interface Props {
  idu: string;
  /** Grows each time the panel must take the keyboard's focus. */
  prendreFocus: number;
  onFermer: () => void;
  onCadrer: (etendue: Etendue) => void;
  /** Whether the parcel is in the selection. */
  choisie: boolean;
  onBasculer: (idu: string) => void;
  onVoisin: (idu: string) => void;
  onSurvolVoisin: (idu: string | null) => void;
  onChercher: () => void;
  onArrivee: (parcelle: Parcelle) => void;
  /** What else lies where one clicked. */
  children?: ReactNode;
}

/** The panel of the selected parcel, whatever the server answers about it. */
export function ParcelPanel(props: Props) {
  const { idu, prendreFocus, choisie, onFermer, onCadrer, onBasculer, onVoisin, onSurvolVoisin, onChercher, onArrivee, children } = props;
  const { t } = useLingui();
  const { data, error, refetch, isFetching } = useQuery(parcelleQuery(idu));

  useEffect(() => {
    if (data) onArrivee(data);
  }, [data, onArrivee]);

  const inconnue = error instanceof ErreurApi && error.status >= 400 && error.status < 500;
  const intitule = data ? t`Parcelle ${data.reference}` : error ? (inconnue ? t`Parcelle introuvable` : t`Fiche indisponible`) : t`Parcelle…`;

  return (
    <Panel
      id="fiche"
      cote="gauche"
      titre={intitule}
      sousTitre={
        data ? (
          <p className="fiche-commune">
            {data.commune.nom} <span className="discret">({data.commune.insee})</span>
          </p>
        ) : null
      }
      nomFermer={t`Fermer la fiche`}
      onFermer={onFermer}
      focus={prendreFocus}
      enAttente={isFetching}
      contenu={idu}
    >
        {children}
        {data ? (
          <ParcelSheet parcelle={data} choisie={choisie} onCadrer={onCadrer} onBasculer={onBasculer} onVoisin={onVoisin} onSurvolVoisin={onSurvolVoisin} />
        ) : error ? (
          <div className="vide" role="alert">
            <p>
              {error.message ||
                (inconnue
                  ? t`Aucune parcelle « ${idu} » n’est connue ici.`
                  : t`Le serveur ne répond pas : la fiche n’a pas pu être lue.`)}
            </p>
            {inconnue ? (
              <Button className="bouton bouton-principal" onPress={onChercher}>
                {t`Chercher une parcelle`}
              </Button>
            ) : (
              <Button className="bouton bouton-principal" onPress={() => void refetch()}>
                {t`Réessayer`}
              </Button>
            )}
          </div>
        ) : (
          <div className="squelette" role="status">
            <span className="visuellement-cache">{t`Chargement de la fiche…`}</span>
          </div>
        )}
    </Panel>
  );
}
