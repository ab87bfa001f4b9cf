import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { lireRefus } from '../api/refus';
import type { Objet } from '../api/types';
import { itineraireQuery } from './chemin';

/** The way to a row in plain words, and its parts. */
export function Chemin({ objet, id }: { objet: Objet; id: string }) {
  const { t } = useLingui();
  const { data, error } = useQuery(itineraireQuery(objet.module, objet.objet, id));
  return (
    <section className="fiche-section">
      <h3>{t`Pour s’y rendre à pied`}</h3>
      {error ? <p className="discret">{lireRefus(error).detail || t`Le serveur ne répond pas : réessayez.`}</p> : <p role="status">{data?.phrase ?? t`Chargement…`}</p>}
    </section>
  );
}
