import { useId, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { Fiche, Objet } from '../api/types';
import { peutEcrire } from '../fiche/verrou';
import { direAnomalie } from './dire';
import { Regler } from './Regler';
import { anomaliesQuery, PAR_PAGE, type Anomalie } from './requetes';

interface Props {
  objet: Objet;
  fiche: Fiche;
}

/** What a row taken over breaches of today's rules: mended by changing it, or settled with a note. Nothing where nothing is. */
export function AnomaliesFiche({ objet, fiche }: Props) {
  const { t } = useLingui();
  const id = useId();
  const [ouverte, setOuverte] = useState<Anomalie | null>(null);
  const { data } = useQuery({
    ...anomaliesQuery(objet.module, objet.objet, { levees: false, cle: fiche.id, rang: 0, limite: PAR_PAGE }),
    // Anomalies of another row are not this one's while they wait.
    placeholderData: undefined,
    enabled: fiche.propre,
  });
  if (!data || data.anomalies.length === 0) return null;
  return (
    <section className="anomalies-fiche" aria-labelledby={id}>
      <h3 id={id}>{t`Anomalies de reprise`}</h3>
      <ul>
        {data.anomalies.map((a) => (
          <li key={a.id}>
            <span>{direAnomalie(objet, a)}</span>
            {peutEcrire(objet, fiche) ? (
              <Button className="bouton" aria-label={t`Marquer comme réglée : ${direAnomalie(objet, a)}`} onPress={() => setOuverte(a)}>
                {t`Marquer comme réglée`}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {ouverte ? (
        <Regler objet={objet} anomalie={ouverte} dite={direAnomalie(objet, ouverte)} onReglee={() => setOuverte(null)} onFermer={() => setOuverte(null)} />
      ) : null}
    </section>
  );
}
