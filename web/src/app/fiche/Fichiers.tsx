import { useId, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { formatHeure, formatOctets } from '../../format/nombres';
import { Boite } from '../cadre/Boite';
import { Defaut } from '../cadre/Defaut';
import { adresseFichier } from '../api/adresses';
import { joindre, retirerFichier } from '../api/ecrire';
import { lireRefus } from '../api/refus';
import { fichiersQuery } from '../api/requetes';
import type { Fiche, Joint, Objet } from '../api/types';
import { ACCEPTES, defautFichier, MAX_FICHIERS, MAX_MIO, type DefautFichier } from './acceptes';
import { Image } from './Image';
import { seMontre } from './images';
import { peutChanger } from './verrou';

/** Files attached to a row: opened, added, taken off. */
export function Fichiers({ objet, fiche }: { objet: Objet; fiche: Fiche }) {
  const { t } = useLingui();
  const champ = useId();
  const { id } = fiche;
  const { data, error, refetch } = useQuery(fichiersQuery(objet.module, objet.objet, id));
  const [enCours, setEnCours] = useState(false);
  const [refus, setRefus] = useState<readonly string[]>([]);
  const [aRetirer, setARetirer] = useState<Joint | null>(null);
  const change = peutChanger(objet, fiche);

  const defauts: Record<DefautFichier, string> = {
    genre: t`ce genre de fichier n’est pas pris.`,
    long: t`il dépasse ${MAX_MIO} Mio.`,
    vide: t`il est vide.`,
  };
  const dire = (cause: unknown): string => lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’a changé.`;
  const retirer = async (joint: Joint): Promise<void> => {
    setEnCours(true);
    setRefus([]);
    try {
      await retirerFichier(joint.id);
    } catch (cause) {
      setRefus([t`« ${joint.nom} » : ${dire(cause)}`]);
    }
    await refetch();
    setEnCours(false);
  };
  /** One after the other: one that is refused is named, and the others go on. */
  const envoyer = async (fichiers: readonly File[]): Promise<void> => {
    setEnCours(true);
    setRefus([]);
    const refuses: string[] = [];
    for (const fichier of fichiers) {
      const defaut = defautFichier(fichier);
      try {
        if (defaut === null) await joindre(objet.module, objet.objet, id, fichier);
        else refuses.push(t`« ${fichier.name} » : ${defauts[defaut]}`);
      } catch (cause) {
        refuses.push(t`« ${fichier.name} » : ${dire(cause)}`);
      }
    }
    await refetch();
    setRefus(refuses);
    setEnCours(false);
  };

  if (error) return <Defaut erreur={error} onReprendre={() => void refetch()} />;
  return (
    <>
      {change ? (
        <div className="champ">
          <label htmlFor={champ}>{t`Joindre des fichiers`}</label>
          <p id={`${champ}-aide`} className="discret">
            {t`PDF, images (JPEG, PNG, WebP), CSV, texte, ODT, ODS, DOCX ou XLSX ; ${MAX_MIO} Mio au plus par fichier, ${MAX_FICHIERS} fichiers par fiche.`}
          </p>
          <input
            id={champ}
            type="file"
            multiple
            accept={ACCEPTES}
            aria-describedby={`${champ}-aide`}
            disabled={enCours}
            onChange={(event) => {
              const choisis = [...(event.target.files ?? [])];
              event.target.value = '';
              if (choisis.length > 0) void envoyer(choisis);
            }}
          />
        </div>
      ) : null}
      <p className="discret" role="status">
        {enCours ? t`Envoi en cours…` : ''}
      </p>
      {refus.length > 0 ? (
        <div className="avis-refus" role="alert">
          <ul>
            {refus.map((r) => (
              <li key={r}>{r}</li>
            ))}
          </ul>
        </div>
      ) : null}
      {data?.length === 0 ? <p className="discret">{t`Aucun fichier joint.`}</p> : null}
      <ul className="joints">
        {(data ?? []).map((j) => (
          <li key={j.id}>
            {seMontre(j) ? <Image id={j.id} nom={j.nom} /> : null}
            <a className="lien-simple" href={adresseFichier(j.id)} download={j.nom}>
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
          <p>{t`« ${aRetirer.nom} » sera retiré de la fiche.`}</p>
          <div className="rangee">
            <Button
              className="bouton bouton-principal"
              onPress={() => {
                setARetirer(null);
                void retirer(aRetirer);
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
