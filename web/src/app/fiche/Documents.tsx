import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { IconePdf } from '../../shell/icones';
import { adresseDocument } from '../api/adresses';
import { demanderFichier, remettre } from '../api/fichier';
import { lireRefus } from '../api/refus';
import type { DocumentSchema, Objet } from '../api/types';
import { ConfirmerDocument } from '../personnel/ConfirmerDocument';
import { finaliteDe } from '../personnel/finaliteDocument';
import { useFinalite } from '../personnel/useFinalite';

interface Avis {
  genre: 'attente' | 'fait' | 'refus';
  texte: string;
}

/** Letters and acts the server makes from the row, downloaded; one that shows personal data says its purpose first. */
export function Documents({ objet, id }: { objet: Objet; id: string }) {
  const { t } = useLingui();
  const [declaree] = useFinalite(objet);
  const [aConfirmer, setAConfirmer] = useState<DocumentSchema | null>(null);
  const [avis, setAvis] = useState<Avis | null>(null);

  const preparer = async (document: DocumentSchema): Promise<void> => {
    setAConfirmer(null);
    setAvis({ genre: 'attente', texte: t`Préparation de « ${document.libelle} »…` });
    try {
      const fichier = await demanderFichier(adresseDocument(objet.module, objet.objet, id, document.id, document.finalite), `${document.id}.pdf`);
      remettre(fichier);
      setAvis({ genre: 'fait', texte: t`« ${fichier.nom} » est téléchargé.` });
    } catch (cause) {
      setAvis({ genre: 'refus', texte: lireRefus(cause).detail || t`Le serveur ne répond pas : le document n’est pas fait.` });
    }
  };
  const demander = (document: DocumentSchema): void => {
    const finalite = finaliteDe(objet, document);
    if (finalite === null || (finalite.permise && finalite.id === declaree)) void preparer(document);
    else setAConfirmer(document);
  };
  return (
    <>
      <ul className="joints">
        {objet.documents.map((d) => (
          <li key={d.id}>
            <Button className="bouton" isDisabled={avis?.genre === 'attente'} onPress={() => demander(d)}>
              <IconePdf />
              {d.libelle}
              <span className="visuellement-cache">{t`(télécharger le PDF)`}</span>
            </Button>
          </li>
        ))}
      </ul>
      <p className={avis?.genre === 'fait' ? 'avis-fait' : 'discret'} role="status">
        {avis === null || avis.genre === 'refus' ? '' : avis.texte}
      </p>
      {avis?.genre === 'refus' ? (
        <p className="avis-refus" role="alert">
          {avis.texte}
        </p>
      ) : null}
      {aConfirmer ? (
        <ConfirmerDocument objet={objet} document={aConfirmer} pourQui={null} onFaire={() => void preparer(aConfirmer)} onFermer={() => setAConfirmer(null)} />
      ) : null}
    </>
  );
}
