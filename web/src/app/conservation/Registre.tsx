import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Defaut } from '../cadre/Defaut';
import { registreQuery } from './requetes';
import { Tableau } from './Tableau';
import { useMotsConservation } from './useMotsConservation';

/** The register of processing (RGPD, article 30), from what modules declare. */
export function Registre() {
  const { t } = useLingui();
  const mots = useMotsConservation();
  const { data, error, refetch } = useQuery(registreQuery);
  return (
    <section className="import-pas" aria-labelledby="conservation-registre">
      <h2 id="conservation-registre">{t`Registre des traitements`}</h2>
      <p className="discret">{t`Ce que les modules installés déclarent : article 30 du RGPD.`}</p>
      {error ? (
        <Defaut erreur={error} onReprendre={() => void refetch()} />
      ) : !data ? (
        <p role="status">{t`Chargement…`}</p>
      ) : data.length === 0 ? (
        <p>{t`Aucun module installé ne tient de données personnelles.`}</p>
      ) : (
        <Tableau nom={t`Registre des traitements`} colonnes={[t`Traitement`, t`Module`, t`Base légale`, t`Données`, t`Conservation`, t`Sort final`, t`Destinataires`]}>
          {data.map((x) => (
            <tr key={`${x.module}/${x.finalite}`}>
              <th scope="row" className="cellule cellule-titre cellule-texte">
                {x.libelle}
              </th>
              <td className="cellule cellule-texte">{x.libelle_module}</td>
              <td className="cellule cellule-texte">{x.base}</td>
              <td className="cellule cellule-texte">
                {x.objets.length === 0 ? t`Aucune` : null}
                <ul>
                  {x.objets.map((o) => (
                    <li key={o.objet}>{t`${o.libelle} : ${o.champs.join(', ')}`}</li>
                  ))}
                </ul>
              </td>
              <td className="cellule cellule-texte">{mots.duree(x.conservation)}</td>
              <td className="cellule cellule-texte">{mots.sort(x.sort)}</td>
              <td className="cellule cellule-texte">{x.destinataires ?? t`Aucun`}</td>
            </tr>
          ))}
        </Tableau>
      )}
    </section>
  );
}
