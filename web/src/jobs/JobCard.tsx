import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import type { MessageDescriptor } from '@lingui/core';
import { ErreurApi, sendJson } from '../api/client';
import { travailQuery } from '../api/queries';
import type { Travail } from '../api/types';
import { formatEntier, formatHeure, formatOctets } from '../format/nombres';
import { LineReport } from '../selection/LineReport';
import { IconeTelecharger } from '../shell/icones';
import { fini, useTravail } from './useTravail';

const ETATS: Record<Travail['etat'], MessageDescriptor> = {
  attente: msg`en attente`,
  en_cours: msg`en cours`,
  fait: msg`terminé`,
  annule: msg`annulé`,
  echec: msg`échoué`,
};

interface Props {
  id: string;
  /** The job just asked for: its report is open. */
  recent: boolean;
  onOublier: (id: string) => void;
}

/** One job: how far it is, what came of it, its file. */
export function JobCard({ id, recent, onOublier }: Props) {
  const { t, i18n } = useLingui();
  const client = useQueryClient();
  const { data, error, refetch } = useTravail(id);
  const [refus, setRefus] = useState('');
  const titre = useRef<HTMLHeadingElement>(null);
  const oublie = error instanceof ErreurApi && error.status === 404;

  // A job the server has forgotten is no longer anyone's.
  useEffect(() => {
    if (oublie) onOublier(id);
  }, [oublie, id, onOublier]);

  if (!data) {
    if (oublie) return null;
    return error ? (
      <li className="travail">
        <p role="alert">{t`Le serveur ne répond pas : l’avancement n’est pas connu.`}</p>
        <Button className="bouton" onPress={() => void refetch()}>{t`Réessayer`}</Button>
      </li>
    ) : (
      <li className="travail" aria-busy="true">
        {t`Lecture du travail…`}
      </li>
    );
  }

  const { libelle, etat, fait, message, rapport, resultat } = data;
  // Not known yet: the bar moves without a length.
  const total = data.total ?? 0;
  const etatDit = i18n._(ETATS[etat]);
  const avancement = t`${formatEntier(fait)} sur ${formatEntier(total)}`;
  const annuler = async (): Promise<void> => {
    setRefus('');
    try {
      client.setQueryData(travailQuery(id).queryKey, await sendJson<Travail>('DELETE', `/api/travaux/${encodeURIComponent(id)}`));
    } catch (cause) {
      const dit = cause instanceof ErreurApi ? cause.message : '';
      setRefus(dit === '' ? t`Le serveur ne répond pas : le travail n’est pas annulé.` : dit);
    }
    titre.current?.focus();
  };

  return (
    <li className="travail" data-etat={etat}>
      <h3 ref={titre} tabIndex={-1}>
        {libelle}
      </h3>
      <p className="discret">{t`Demandé ${formatHeure(data.depose_le)}`}</p>
      <p className="travail-etat" role="status">
        <strong>{etatDit}</strong>
        {data.erreur ? ` : ${data.erreur}` : null}
        {rapport ? ` : ${rapport.resume}` : null}
      </p>
      {fini(data) ? null : (
        <>
          <progress className="progression" value={total > 0 ? fait : undefined} max={total > 0 ? total : 1} aria-label={t`Avancement`} />
          <p className="discret">
            {total > 0 ? avancement : null}
            {message ? `, ${message}` : null}
          </p>
          <div className="rangee">
            <Button className="bouton" aria-label={t`Annuler le travail « ${libelle} »`} onPress={() => void annuler()}>
              {t`Annuler`}
            </Button>
          </div>
        </>
      )}
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
      {resultat ? (
        <div className="rangee">
          <a className="bouton bouton-principal" href={`/api/travaux/${encodeURIComponent(id)}/resultat`} download={resultat.nom}>
            <IconeTelecharger />
            {t`Télécharger ${resultat.nom} (${formatOctets(resultat.octets)})`}
          </a>
        </div>
      ) : null}
      {rapport && rapport.lignes.length > 0 ? (
        <details open={recent && rapport.lignes.some((l) => l.etat !== 'servie')}>
          <summary>{t`Compte rendu`}</summary>
          <LineReport lignes={rapport.lignes} />
        </details>
      ) : null}
      {fini(data) ? (
        <div className="rangee">
          <Button className="bouton" aria-label={t`Retirer « ${libelle} » de cette liste`} onPress={() => onOublier(id)}>
            {t`Retirer de la liste`}
          </Button>
        </div>
      ) : null}
    </li>
  );
}
