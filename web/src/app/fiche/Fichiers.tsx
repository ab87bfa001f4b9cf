import { useId, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { formatHeure, formatOctets } from '../../format/nombres';
import { Boite } from '../cadre/Boite';
import { Defaut } from '../cadre/Defaut';
import { joindre, retirerFichier } from '../api/ecrire';
import { lireRefus } from '../api/refus';
import { fichiersQuery } from '../api/requetes';
import type { Fiche, Joint, Objet } from '../api/types';
import { peutChanger } from './verrou';

/** Files attached to a row: opened, added, taken off. */
export function Fichiers({ objet, fiche }: { objet: Objet; fiche: Fiche }) {
  const { t } = useLingui();
  const champ = useId();
  const { id } = fiche;
  const { data, error, refetch } = useQuery(fichiersQuery(objet.module, objet.objet, id));
  const [enCours, setEnCours] = useState(false);
  const [refus, setRefus] = useState('');
  const [aRetirer, setARetirer] = useState<Joint | null>(null);
  const change = peutChanger(objet, fiche);

  const faire = async (acte: () => Promise<unknown>): Promise<void> => {
    setEnCours(true);
    setRefus('');
    try {
      await acte();
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’a changé.`);
    }
    await refetch();
    setEnCours(false);
  };
  /** One after the other: a refusal names its own file by its order. */
  const envoyer = async (fichiers: readonly File[]): Promise<void> => {
    for (const fichier of fichiers) await joindre(objet.module, objet.objet, id, fichier);
  };

  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  return (
    <>
      {change ? (
        <div className="champ">
          <label htmlFor={champ}>{t`Joindre des fichiers`}</label>
          <input
            id={champ}
            type="file"
            multiple
            disabled={enCours}
            onChange={(event) => {
              const choisis = [...(event.target.files ?? [])];
              event.target.value = '';
              if (choisis.length > 0) void faire(() => envoyer(choisis));
            }}
          />
        </div>
      ) : null}
      <p className="discret" role="status">
        {enCours ? t`Envoi en cours…` : ''}
      </p>
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
      {data?.length === 0 ? <p className="discret">{t`Aucun fichier joint.`}</p> : null}
      <ul className="joints">
        {(data ?? []).map((j) => (
          <li key={j.id}>
            <a className="lien-simple" href={`/api/fichiers/${encodeURIComponent(j.id)}`} download={j.nom}>
              {j.nom}
            </a>
            <span className="discret">
              {formatOctets(j.octets)}, {formatHeure(j.creee_le)}
            </span>
            {change ? (
              <Button className="bouton-nu" aria-label={t`Retirer ${j.nom}`} onPress={() => setARetirer(j)}>
                <span aria-hidden="true">×</span>
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {aRetirer ? (
        <Boite titre={t`Retirer le fichier`} question onFermer={() => setARetirer(null)}>
          <p>{t`« ${aRetirer.nom} » sera retiré de la fiche.`}</p>
          <div className="rangee">
            <Button
              className="bouton bouton-principal"
              onPress={() => {
                setARetirer(null);
                void faire(() => retirerFichier(aRetirer.id));
              }}
            >
              {t`Retirer`}
            </Button>
            <Button className="bouton" onPress={() => setARetirer(null)}>
              {t`Garder`}
            </Button>
          </div>
        </Boite>
      ) : null}
    </>
  );
}
