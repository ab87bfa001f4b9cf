import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { DocumentSchema, Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import { finaliteDe } from './finaliteDocument';

interface Props {
  objet: Objet;
  document: DocumentSchema;
  /** A sentence that says for which rows, null for the one in sight. */
  pourQui: string | null;
  onFaire: () => void;
  onFermer: () => void;
}

/** Before a document is made: for how many rows, and for which purpose where it shows personal data. */
export function ConfirmerDocument({ objet, document, pourQui, onFaire, onFermer }: Props) {
  const { t } = useLingui();
  const finalite = finaliteDe(objet, document);
  const permis = finalite?.permise !== false;
  return (
    <Boite titre={document.libelle} question onFermer={onFermer}>
      {pourQui === null ? null : <p>{pourQui}</p>}
      {finalite === null ? null : permis ? (
        <>
          <p>{t`Ce document montre des données personnelles. Il est fait pour la finalité :`}</p>
          <p>
            <strong>{finalite.libelle}</strong>
          </p>
          <p className="discret">{t`La consultation est inscrite au journal.`}</p>
        </>
      ) : (
        <p>{t`Ce document montre des données personnelles, pour la finalité « ${finalite.libelle} » que votre compte ne peut pas déclarer : demandez-la à l’administrateur de votre collectivité.`}</p>
      )}
      <div className="rangee">
        {permis ? (
          <Button className="bouton bouton-principal" onPress={onFaire}>
            {finalite === null ? t`Préparer` : t`Préparer pour cette finalité`}
          </Button>
        ) : null}
        <Button className="bouton" onPress={onFermer}>
          {permis ? t`Annuler` : t`Fermer`}
        </Button>
      </div>
    </Boite>
  );
}
