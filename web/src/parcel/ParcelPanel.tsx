import { useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { ErreurApi } from '../api/client';
import { parcelleQuery } from '../api/queries';
import type { Etendue, Parcelle } from '../api/types';
import { IconeCroix } from '../shell/icones';
import { ParcelSheet } from './ParcelSheet';

interface Props {
  idu: string;
  /** Grows each time the panel must take the keyboard's focus. */
  prendreFocus: number;
  onFermer: () => void;
  onCadrer: (etendue: Etendue) => void;
  onVoisin: (idu: string) => void;
  onSurvolVoisin: (idu: string | null) => void;
  onChercher: () => void;
  onArrivee: (parcelle: Parcelle) => void;
}

/** The panel of the selected parcel, whatever the server answers about it. */
export function ParcelPanel({ idu, prendreFocus, onFermer, onCadrer, onVoisin, onSurvolVoisin, onChercher, onArrivee }: Props) {
  const { t } = useLingui();
  const titre = useRef<HTMLHeadingElement>(null);
  const corps = useRef<HTMLDivElement>(null);
  const { data, error, refetch, isFetching } = useQuery(parcelleQuery(idu));

  useEffect(() => {
    if (prendreFocus > 0) titre.current?.focus({ preventScroll: true });
  }, [prendreFocus]);
  useEffect(() => {
    corps.current?.scrollTo({ top: 0 });
  }, [idu]);
  useEffect(() => {
    if (data) onArrivee(data);
  }, [data, onArrivee]);

  const inconnue = error instanceof ErreurApi && error.status >= 400 && error.status < 500;
  const intitule = data ? t`Parcelle ${data.reference}` : error ? (inconnue ? t`Parcelle introuvable` : t`Fiche indisponible`) : t`Parcelle…`;

  return (
    <section
      className="panneau fiche"
      id="fiche"
      aria-labelledby="titre-fiche"
      data-panneau="fiche"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onFermer();
      }}
    >
      <div className="panneau-entete">
        <div>
          <h2 id="titre-fiche" ref={titre} tabIndex={-1}>
            {intitule}
          </h2>
          {data ? (
            <p className="fiche-commune">
              {data.commune.nom} <span className="discret">({data.commune.insee})</span>
            </p>
          ) : null}
        </div>
        <Button className="bouton-nu" aria-label={t`Fermer la fiche`} onPress={onFermer}>
          <IconeCroix />
        </Button>
      </div>
      <div className="panneau-corps" ref={corps} aria-busy={isFetching}>
        {data ? (
          <ParcelSheet parcelle={data} onCadrer={onCadrer} onVoisin={onVoisin} onSurvolVoisin={onSurvolVoisin} />
        ) : error ? (
          <div className="vide" role="alert">
            <p>
              {error.message ||
                (inconnue
                  ? t`Aucune parcelle « ${idu} » n’est connue ici.`
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
      </div>
    </section>
  );
}
