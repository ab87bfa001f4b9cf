import { useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { formatDate, formatEntier } from '../../format/nombres';
import { lireRefus } from '../api/refus';
import { Defaut } from '../cadre/Defaut';
import { bordereauxQuery, CLE_CONSERVATION, echeancesQuery, preparer, registreQuery, type Echeance } from './requetes';
import { Tableau } from './Tableau';
import { useMotsConservation } from './useMotsConservation';

interface Props {
  /** Whether the account makes lists. */
  prepare: boolean;
  /** A list was made, or was not: said to all. */
  onDit: (message: string) => void;
}

/** What has reached its end, by object and purpose; a list is made of each. */
export function Echeances({ prepare, onDit }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const mots = useMotsConservation();
  const { data, error, refetch } = useQuery(echeancesQuery);
  const { data: registre } = useQuery(registreQuery);
  const { data: bordereaux } = useQuery(bordereauxQuery);
  const [refus, setRefus] = useState('');
  const [enCours, setEnCours] = useState(false);
  const nomFinalite = ({ objet, finalite }: Echeance): string =>
    registre?.find((x) => x.finalite === finalite && x.objets.some((o) => o.objet === objet))?.libelle ?? finalite;

  /** A list of the same that waits still: another would hold the same rows. */
  const enAttente = ({ objet, finalite }: Echeance): boolean => bordereaux?.some((b) => b.objet === objet && b.finalite === finalite && !b.executee_le) ?? false;

  const faire = async (e: Echeance): Promise<void> => {
    setRefus('');
    setEnCours(true);
    try {
      const fait = await preparer(e.objet, e.finalite);
      const n = plural(fait.nombre, { one: '# fiche', other: '# fiches' });
      onDit(t`Bordereau préparé : ${e.libelle}, ${n}. Téléchargez-le pour le soumettre aux Archives.`);
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’a changé.`);
    }
    await client.invalidateQueries({ queryKey: CLE_CONSERVATION });
    setEnCours(false);
  };
  return (
    <section className="import-pas" aria-labelledby="conservation-echeances">
      <h2 id="conservation-echeances">{t`Au bout de leur durée`}</h2>
      <p className="discret">{t`Les fiches archivées depuis plus longtemps que la durée déclarée, et qui portent encore des données personnelles.`}</p>
      {error ? (
        <Defaut erreur={error} onReprendre={() => void refetch()} />
      ) : !data ? (
        <p role="status">{t`Chargement…`}</p>
      ) : data.length === 0 ? (
        <p>{t`Rien n’est au bout de sa durée de conservation.`}</p>
      ) : (
        <Tableau
          nom={t`Au bout de leur durée`}
          colonnes={[t`Objet`, t`Finalité`, t`Fiches`, t`Données`, t`Plus ancienne archivée le`, t`Sort final`, ...(prepare ? [t`Bordereau`] : [])]}
        >
          {data.map((e) => (
            <tr key={`${e.objet}/${e.finalite}/${e.sort}`}>
              <th scope="row" className="cellule cellule-titre cellule-texte">
                {e.libelle}
              </th>
              <td className="cellule cellule-texte">{nomFinalite(e)}</td>
              <td className="cellule">{formatEntier(e.nombre)}</td>
              <td className="cellule cellule-texte">{e.libelles.join(', ')}</td>
              <td className="cellule">{e.depuis ? formatDate(e.depuis.slice(0, 10)) : ''}</td>
              <td className="cellule cellule-texte">{mots.sort(e.sort)}</td>
              {prepare ? (
                <td className="cellule">
                  <Button className="bouton" isDisabled={enCours} aria-label={t`Préparer un bordereau : ${e.libelle}, ${nomFinalite(e)}`} onPress={() => void faire(e)}>
                    {t`Préparer un bordereau`}
                  </Button>
                  {enAttente(e) ? <p className="discret">{t`Un bordereau non exécuté existe déjà.`}</p> : null}
                </td>
              ) : null}
            </tr>
          ))}
        </Tableau>
      )}
      {refus === '' ? null : (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      )}
    </section>
  );
}
