import { useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { formatHeure } from '../../format/nombres';
import { cleLignes } from '../api/requetes';
import { lireRefus } from '../api/refus';
import type { Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import type { Serie } from './formes';
import { annulerSerie, cleSeries, seriesQuery } from './requetes';

/** The newest series, each of which is undone whole. */
export function Recentes({ objet, onAnnulee }: { objet: Objet; onAnnulee: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const { module, objet: nom } = objet;
  const { data } = useQuery(seriesQuery(module, nom));
  const [aAnnuler, setAAnnuler] = useState<Serie | null>(null);
  const [refus, setRefus] = useState('');
  const annuler = async (serie: Serie): Promise<void> => {
    setAAnnuler(null);
    try {
      await annulerSerie(module, nom, serie.id);
      setRefus('');
      onAnnulee();
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : réessayez.`);
    }
    void client.invalidateQueries({ queryKey: cleSeries(module, nom) });
    void client.invalidateQueries({ queryKey: cleLignes(module, nom) });
  };
  if (!data || data.length === 0) return null;
  return (
    <section className="import-pas" aria-labelledby="series-recentes">
      <h2 id="series-recentes">{t`Séries récentes`}</h2>
      {refus ? <p role="alert" className="champ-erreur">{refus}</p> : null}
      <ul className="serie-recentes">
        {data.map((s) => (
          <li key={s.id}>
            <span>
              {plural(s.nombre, { one: '# fiche', other: '# fiches' })}
              {t`, n° ${s.premier} à ${s.dernier}, le ${formatHeure(s.creee_le)}`}
              {s.annulee ? t` (annulée)` : ''}
            </span>
            {s.annulee || !objet.actions.includes('archiver') ? null : (
              <Button className="bouton" aria-label={t`Annuler la série des n° ${s.premier} à ${s.dernier}`} onPress={() => setAAnnuler(s)}>
                {t`Annuler la série`}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {aAnnuler ? (
        <Boite titre={t`Annuler la série ?`} question onFermer={() => setAAnnuler(null)}>
          <p>{plural(aAnnuler.nombre, { one: 'Sa fiche est archivée. Elle peut ensuite être remise.', other: 'Ses # fiches sont archivées ensemble. Chacune peut ensuite être remise.' })}</p>
          <div className="rangee">
            <Button className="bouton bouton-principal" onPress={() => void annuler(aAnnuler)}>
              {t`Annuler la série`}
            </Button>
            <Button className="bouton" onPress={() => setAAnnuler(null)}>
              {t`La garder`}
            </Button>
          </div>
        </Boite>
      ) : null}
    </section>
  );
}
