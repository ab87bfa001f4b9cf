import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { formatDate, formatEntier, formatHeure } from '../../format/nombres';
import { lireRefus } from '../api/refus';
import { Defaut } from '../cadre/Defaut';
import { Eliminer } from './Eliminer';
import { remettre } from './remettre';
import { bordereauxQuery, CLE_CONSERVATION, telecharger, type Bordereau } from './requetes';
import { Tableau } from './Tableau';
import { useMotsConservation } from './useMotsConservation';
import { Viser } from './Viser';

interface Props {
  exporte: boolean;
  change: boolean;
  onDit: (message: string) => void;
}

/** Lists made for the Archives: downloaded, approved by them, then carried out, in that order. */
export function Bordereaux({ exporte, change, onDit }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const mots = useMotsConservation();
  const { data, error, refetch } = useQuery(bordereauxQuery);
  const [refus, setRefus] = useState('');
  const [vise, setVise] = useState<Bordereau | null>(null);
  const [elimine, setElimine] = useState<Bordereau | null>(null);

  const nom = (b: Bordereau): string => t`${b.libelle ?? b.objet}, bordereau du ${formatHeure(b.creee_le)}`;
  const relire = (): void => void client.invalidateQueries({ queryKey: CLE_CONSERVATION });
  const prendre = async (b: Bordereau): Promise<void> => {
    setRefus('');
    try {
      remettre(await telecharger(b.id));
      onDit(t`Bordereau téléchargé. Il contient des données personnelles : remettez-le aux Archives, puis effacez-le de ce poste.`);
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : le bordereau n’a pas été téléchargé.`);
    }
    relire();
  };
  const etat = (b: Bordereau): string =>
    b.executee_le
      ? t`Éliminé le ${formatHeure(b.executee_le)}`
      : b.visa && b.visa_le
        ? t`Visé : ${b.visa}, le ${formatDate(b.visa_le)}`
        : b.exportee_le
          ? t`Téléchargé le ${formatHeure(b.exportee_le)}, attend le visa des Archives`
          : t`À télécharger`;
  return (
    <section className="import-pas" aria-labelledby="conservation-bordereaux">
      <h2 id="conservation-bordereaux">{t`Bordereaux`}</h2>
      <p className="discret">{t`Un bordereau est téléchargé, soumis aux Archives, visé par elles, puis exécuté. Rien n’est éliminé sans leur visa (code du patrimoine, L212-2 et L212-3).`}</p>
      {error ? (
        <Defaut erreur={error} onReprendre={() => void refetch()} />
      ) : !data ? (
        <p role="status">{t`Chargement…`}</p>
      ) : data.length === 0 ? (
        <p>{t`Aucun bordereau n’a été préparé.`}</p>
      ) : (
        <Tableau nom={t`Bordereaux`} colonnes={[t`Objet`, t`Préparé le`, t`Fiches`, t`Données`, t`Sort final`, t`État`, t`Suite`]}>
          {data.map((b) => (
            <tr key={b.id}>
              <th scope="row" className="cellule cellule-titre cellule-texte">
                {b.libelle ?? b.objet}
              </th>
              <td className="cellule cellule-texte">{formatHeure(b.creee_le)}</td>
              <td className="cellule">{formatEntier(b.nombre)}</td>
              <td className="cellule cellule-texte">{b.libelles.join(', ')}</td>
              <td className="cellule cellule-texte">{mots.sort(b.sort)}</td>
              <td className="cellule cellule-texte">{etat(b)}</td>
              <td className="cellule">
                {b.executee_le ? null : (
                  <div className="rangee">
                    {exporte ? (
                      <Button className="bouton" aria-label={t`Télécharger : ${nom(b)}`} onPress={() => void prendre(b)}>
                        {t`Télécharger`}
                      </Button>
                    ) : null}
                    {change && b.exportee_le ? (
                      <Button className="bouton" aria-label={t`Inscrire le visa : ${nom(b)}`} onPress={() => setVise(b)}>
                        {b.visa ? t`Changer le visa` : t`Inscrire le visa`}
                      </Button>
                    ) : null}
                    {change && b.visa ? (
                      <Button className="bouton bouton-principal" aria-label={t`Éliminer : ${nom(b)}`} onPress={() => setElimine(b)}>
                        {t`Éliminer`}
                      </Button>
                    ) : null}
                  </div>
                )}
              </td>
            </tr>
          ))}
        </Tableau>
      )}
      {refus === '' ? null : (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      )}
      {vise ? (
        <Viser
          bordereau={vise}
          nom={nom(vise)}
          onVise={() => {
            setVise(null);
            onDit(t`Visa inscrit.`);
            relire();
          }}
          onFermer={() => setVise(null)}
        />
      ) : null}
      {elimine ? (
        <Eliminer
          bordereau={elimine}
          nom={nom(elimine)}
          onElimine={(message) => {
            setElimine(null);
            onDit(message);
            relire();
          }}
          onFermer={() => setElimine(null)}
        />
      ) : null}
    </section>
  );
}
