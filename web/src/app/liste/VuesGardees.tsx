import { useId, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { lireRefus } from '../api/refus';
import type { VueGardee } from '../api/types';
import { readAdresse, writeAdresse, type Adresse } from '../url/adresse';
import { aller } from '../url/useAdresse';
import { trouverVues } from './vues';

const MAX_NOM = 80;

interface Props {
  module: string;
  objet: string;
  adresse: Adresse;
  /** Closes the pane once a view is opened. */
  fermer: () => void;
}

/** What a view keeps of an address: how the list is asked, not what is open in it. */
const vueDe = (adresse: Adresse): string => writeAdresse({ ...adresse, page: null, fiche: null, onglet: null, saisie: false, avec: {}, selection: [], vue: null }).replace(/^[^?]*/, '');

/** The saved views of a list: opened, named, forgotten. Asked once they are opened: most visits of a list want none. */
export function VuesGardees({ module, objet, adresse, fermer }: Props) {
  const { t } = useLingui();
  const id = useId();
  const { data, error, refetch } = useQuery({ queryKey: ['vues', module, objet], queryFn: () => trouverVues(module, objet), staleTime: 60_000, retry: false });
  const [nom, setNom] = useState('');
  const [partagee, setPartagee] = useState(false);
  const [refus, setRefus] = useState('');

  const ouvrir = ({ etat }: VueGardee): void => {
    // A kept address is read as any other: what it says wrongly is left out.
    const lue = readAdresse(`/app/${module}/${objet}`, etat.adresse, '');
    aller({ ...lue, vue: adresse.vue });
  };
  const faire = async (acte: () => Promise<unknown>): Promise<void> => {
    setRefus('');
    try {
      await acte();
      setNom('');
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`La vue n’est pas enregistrée : le navigateur ou le serveur l’a refusée.`);
    }
    await refetch();
  };
  const gardes = data?.liste ?? [];
  const dit = refus || (error ? lireRefus(error).detail || t`Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.` : '');
  return (
    <>
      {gardes.length === 0 ? <p className="discret">{t`Aucune vue enregistrée. Une vue garde le filtre, le tri, les colonnes et l’affichage.`}</p> : null}
      <ul className="menu-volet">
        {gardes.map((v) => (
          <li key={v.id} className="vue-gardee">
            <Button
              className="module-ligne"
              onPress={() => {
                ouvrir(v);
                fermer();
              }}
            >
              {v.nom}
              {v.partagee ? <span className="discret">{t`partagée`}</span> : null}
            </Button>
            {v.propre === false ? null : (
              <Button className="bouton-nu" aria-label={t`Supprimer la vue « ${v.nom} »`} onPress={() => void faire(() => data?.vues.oublier(v.id) ?? Promise.resolve())}>
                <span aria-hidden="true">×</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      <form
        className="vue-nouvelle"
        onSubmit={(event) => {
          event.preventDefault();
          if (nom.trim() !== '' && data) void faire(() => data.vues.garder({ module, objet, nom: nom.trim(), partagee, etat: { adresse: vueDe(adresse) } }));
        }}
      >
        <div className="champ">
          <label htmlFor={id}>{t`Enregistrer la vue actuelle sous le nom`}</label>
          <input id={id} className="saisie" maxLength={MAX_NOM} autoComplete="off" value={nom} onChange={(event) => setNom(event.target.value)} />
        </div>
        {data?.vues.partage ? (
          <label className="case-ligne">
            <input type="checkbox" checked={partagee} onChange={(event) => setPartagee(event.target.checked)} />
            {t`La montrer à mes collègues`}
          </label>
        ) : null}
        <button type="submit" className="bouton" disabled={nom.trim() === '' || !data}>
          {t`Enregistrer la vue`}
        </button>
      </form>
      {dit ? (
        <p className="avis-refus" role="alert">
          {dit}
        </p>
      ) : null}
    </>
  );
}
