import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { formatHeure } from '../../format/nombres';
import { schemaQuery } from '../api/requetes';
import type { Objet } from '../api/types';
import { Defaut } from '../cadre/Defaut';
import { Lien } from '../cadre/Lien';
import type { Adresse } from '../url/adresse';
import { useAdresse } from '../url/useAdresse';
import { direAnomalie } from './dire';
import { Regler } from './Regler';
import { anomaliesQuery, PAR_PAGE, type Anomalie } from './requetes';

/** What the rows of an object, taken over from elsewhere, breach of today's rules: each is mended on its sheet or settled here. */
export default function PageAnomalies() {
  const { t } = useLingui();
  const adresse = useAdresse();
  const { data, error, refetch } = useQuery(schemaQuery(adresse.module ?? '', adresse.objet ?? ''));
  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  if (!data) return <p className="attente" role="status">{t`Chargement…`}</p>;
  return <Liste objet={data} adresse={adresse} />;
}

function Liste({ objet, adresse }: { objet: Objet; adresse: Adresse }) {
  const { t } = useLingui();
  const [levees, setLevees] = useState(false);
  const [rang, setRang] = useState(0);
  const [ouverte, setOuverte] = useState<Anomalie | null>(null);
  const titre = useRef<HTMLHeadingElement>(null);
  const { data, error, refetch } = useQuery(anomaliesQuery(objet.module, objet.objet, { levees, cle: null, rang, limite: PAR_PAGE }));
  useEffect(() => {
    titre.current?.focus({ preventScroll: true });
  }, []);
  const liste = { ...adresse, page: null };
  const change = objet.actions.includes('changer');
  return (
    <div className="page-import page-anomalies">
      <nav aria-label={t`Fil d’Ariane`}>
        <Lien vers={liste}>{objet.pluriel}</Lien>
      </nav>
      <h1 ref={titre} tabIndex={-1}>{t`Anomalies de reprise : ${objet.pluriel}`}</h1>
      <p>{t`Ces fiches reprises n’ont pas tout ce que demandent les règles d’aujourd’hui. Une anomalie cesse d’elle-même quand sa fiche est corrigée ; si la fiche est juste comme elle est, marquez l’anomalie comme réglée.`}</p>
      <label className="case-ligne">
        <input
          type="checkbox"
          checked={levees}
          onChange={(event) => {
            setLevees(event.target.checked);
            setRang(0);
          }}
        />
        {t`Montrer les anomalies qui ont cessé, et elles seules`}
      </label>
      {error ? (
        <Defaut erreur={error} onReprendre={() => void refetch()} />
      ) : data ? (
        <>
          <p role="status">
            {levees
              ? plural(data.total, { 0: 'Aucune anomalie n’a encore cessé.', one: '# anomalie a cessé.', other: '# anomalies ont cessé.' })
              : plural(data.total, { 0: 'Aucune anomalie : tout est réglé.', one: '# anomalie à régler.', other: '# anomalies à régler.' })}
          </p>
          {data.anomalies.length === 0 ? null : (
            // A table wider than its place is scrolled by keyboard too.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            <div className="defilable" role="region" aria-label={t`Tableau des anomalies`} tabIndex={0}>
              <table className="tableau">
                <thead>
                  <tr>
                    <th scope="col" className="colonne">{t`Fiche`}</th>
                    <th scope="col" className="colonne">{t`Anomalie`}</th>
                    <th scope="col" className="colonne">{levees ? t`Levée` : t`Relevée le`}</th>
                    {levees || change ? <th scope="col" className="colonne">{levees ? t`Note` : t`Régler`}</th> : null}
                  </tr>
                </thead>
                <tbody>
                  {data.anomalies.map((a) => (
                    <tr key={a.id}>
                      <th scope="row" className="cellule cellule-titre">
                        <Lien vers={{ ...liste, page: a.cle }}>{a.titre}</Lien>
                      </th>
                      <td className="cellule cellule-texte">{direAnomalie(objet, a)}</td>
                      <td className="cellule cellule-texte">
                        {formatHeure(a.levee_le ?? a.relevee_le)}
                        {a.levee_par ? `, ${a.levee_par}` : ''}
                      </td>
                      {levees ? (
                        <td className="cellule cellule-texte">{a.note ?? t`Fiche corrigée`}</td>
                      ) : change ? (
                        <td className="cellule">
                          <Button className="bouton" aria-label={t`Marquer comme réglée : ${a.titre}, ${direAnomalie(objet, a)}`} onPress={() => setOuverte(a)}>
                            {t`Marquer comme réglée`}
                          </Button>
                        </td>
                      ) : null}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {data.total > PAR_PAGE ? (
            <div className="rangee">
              <Button className="bouton" isDisabled={rang === 0} onPress={() => setRang(Math.max(0, rang - PAR_PAGE))}>
                {t`Précédentes`}
              </Button>
              <Button className="bouton" isDisabled={rang + PAR_PAGE >= data.total} onPress={() => setRang(rang + PAR_PAGE)}>
                {t`Suivantes`}
              </Button>
            </div>
          ) : null}
        </>
      ) : (
        <p className="attente" role="status">{t`Chargement…`}</p>
      )}
      {ouverte ? (
        <Regler
          objet={objet}
          anomalie={ouverte}
          dite={direAnomalie(objet, ouverte)}
          onReglee={() => {
            setOuverte(null);
            // The last one of a page leaves the page before it.
            if (data?.anomalies.length === 1) setRang(Math.max(0, rang - PAR_PAGE));
            titre.current?.focus({ preventScroll: true });
          }}
          onFermer={() => setOuverte(null)}
        />
      ) : null}
    </div>
  );
}
