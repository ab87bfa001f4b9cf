import { useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { formatDate } from '../../format/nombres';
import { lireRefus } from '../api/refus';
import { Boite } from '../cadre/Boite';
import { concerneesQuery, executer, type Bordereau } from './requetes';

interface Props {
  bordereau: Bordereau;
  nom: string;
  /** It was carried out: what is to be said of it. */
  onElimine: (message: string) => void;
  onFermer: () => void;
}

/** Asks whether to carry a list out, once it is said how many rows lose what, and which. */
export function Eliminer({ bordereau, nom, onElimine, onFermer }: Props) {
  const { t } = useLingui();
  const { data, error } = useQuery(concerneesQuery(bordereau.id));
  const [compris, setCompris] = useState(false);
  const [refus, setRefus] = useState('');
  const [enCours, setEnCours] = useState(false);
  const champs = bordereau.libelles.join(', ');

  const eliminer = async (): Promise<void> => {
    setRefus('');
    setEnCours(true);
    try {
      const { nombre } = await executer(bordereau.id);
      onElimine(plural(nombre, { 0: 'Éliminé : aucune fiche ne portait plus ces données.', one: 'Éliminé : # fiche a perdu ses données personnelles.', other: 'Éliminé : # fiches ont perdu leurs données personnelles.' }));
      return;
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : vérifiez l’état du bordereau avant de recommencer.`);
    }
    setEnCours(false);
  };
  const autres = data ? data.nombre - data.fiches.length : 0;
  return (
    <Boite titre={t`Éliminer des données personnelles`} question large onFermer={onFermer}>
      <p>{nom}</p>
      <p>{t`Visa des Archives : ${bordereau.visa ?? ''}, du ${formatDate(bordereau.visa_le ?? '')}.`}</p>
      {error ? (
        <p className="avis-refus" role="alert">
          {lireRefus(error).detail || t`Le serveur ne répond pas : les fiches concernées ne peuvent pas être dites.`}
        </p>
      ) : !data ? (
        <p role="status">{t`Lecture des fiches concernées…`}</p>
      ) : (
        <>
          <p className="elimination-nombre">
            {plural(data.nombre, {
              0: 'Plus aucune fiche de ce bordereau n’est archivée : rien ne sera effacé.',
              one: '# fiche perdra pour toujours ces champs, dans son histoire aussi :',
              other: '# fiches perdront pour toujours ces champs, dans leur histoire aussi :',
            })}{' '}
            {data.nombre > 0 ? t`${champs}.` : ''}
          </p>
          {data.reprises > 0 ? (
            <p>
              {plural(data.reprises, {
                one: '# fiche du bordereau a été reprise depuis : elle reste comme elle est.',
                other: '# fiches du bordereau ont été reprises depuis : elles restent comme elles sont.',
              })}
            </p>
          ) : null}
          {data.fiches.length > 0 ? (
            // What is long scrolls in its own place, by keyboard too.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            <div className="elimination-fiches" role="region" aria-label={t`Fiches concernées`} tabIndex={0}>
              <ul>
                {data.fiches.map((f) => (
                  <li key={f.id}>
                    {f.titre ?? t`Fiche ${f.id}`}
                    <span className="discret"> {t`archivée le ${formatDate(f.archivee_le)}`}</span>
                  </li>
                ))}
              </ul>
              {autres > 0 ? <p className="discret">{plural(autres, { one: 'et # autre, dans le bordereau téléchargé', other: 'et # autres, toutes dans le bordereau téléchargé' })}</p> : null}
            </div>
          ) : null}
          <label className="case-ligne">
            <input type="checkbox" checked={compris} onChange={(event) => setCompris(event.target.checked)} />
            {t`J’ai compris que rien ne pourra être retrouvé.`}
          </label>
        </>
      )}
      {refus === '' ? null : (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      )}
      <div className="rangee">
        <Button className="bouton bouton-principal" isDisabled={!data || !compris || enCours} onPress={() => void eliminer()}>
          {t`Éliminer`}
        </Button>
        <Button className="bouton" onPress={onFermer}>
          {t`Garder`}
        </Button>
      </div>
    </Boite>
  );
}
