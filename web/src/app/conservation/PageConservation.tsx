import { useEffect, useRef, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../api/queries';
import { Bordereaux } from './Bordereaux';
import { Echeances } from './Echeances';
import { Registre } from './Registre';

/** Personal data at the end of their use: what is held and why, what has reached its end, and the lists for the Archives. */
export default function PageConservation() {
  const { t } = useLingui();
  const { data: session, isPending } = useQuery(sessionQuery);
  const [dit, setDit] = useState('');
  const titre = useRef<HTMLHeadingElement>(null);
  const actions = session?.droits?.elimination ?? [];
  useEffect(() => {
    titre.current?.focus({ preventScroll: true });
  }, [isPending]);
  if (isPending) return <p className="attente" role="status">{t`Chargement…`}</p>;
  return (
    <div className="page-import page-conservation">
      <h1 ref={titre} tabIndex={-1}>{t`Conservation des données personnelles`}</h1>
      {/* There before it speaks, so that it is heard. */}
      <p className="conservation-dit" role="status">
        {dit}
      </p>
      {actions.includes('lire') ? (
        <>
          <Echeances prepare={actions.includes('creer')} onDit={setDit} />
          <Bordereaux exporte={actions.includes('exporter')} change={actions.includes('changer')} onDit={setDit} />
        </>
      ) : (
        <p>{t`Les bordereaux sont réservés au délégué à la protection des données : demandez ce rôle au gestionnaire des comptes de votre collectivité.`}</p>
      )}
      <Registre />
    </div>
  );
}
