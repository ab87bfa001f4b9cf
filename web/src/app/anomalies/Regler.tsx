import { useEffect, useId, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { lireRefus } from '../api/refus';
import type { Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import { cleAnomalies, reglerAnomalie, type Anomalie } from './requetes';

interface Props {
  objet: Objet;
  anomalie: Anomalie;
  /** What is wrong, the field named. */
  dite: string;
  onReglee: () => void;
  onFermer: () => void;
}

/** Asks why an anomaly is settled though its row stays as it is, and settles it. */
export function Regler({ objet, anomalie, dite, onReglee, onFermer }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const id = useId();
  const saisie = useRef<HTMLTextAreaElement>(null);
  const [note, setNote] = useState('');
  const [erreur, setErreur] = useState('');
  const [enCours, setEnCours] = useState(false);
  useEffect(() => {
    if (erreur !== '') saisie.current?.focus();
  }, [erreur]);

  const regler = async (): Promise<void> => {
    setErreur('');
    if (note.trim() === '') {
      setErreur(t`Dites en quelques mots pourquoi l’anomalie est réglée.`);
      saisie.current?.focus();
      return;
    }
    setEnCours(true);
    try {
      await reglerAnomalie(objet.module, objet.objet, anomalie.id, note.trim());
      onReglee();
      void client.invalidateQueries({ queryKey: cleAnomalies(objet.module, objet.objet) });
      return;
    } catch (cause) {
      setErreur(lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’a changé.`);
    }
    setEnCours(false);
  };
  return (
    <Boite titre={t`Marquer l’anomalie comme réglée`} onFermer={onFermer}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void regler();
        }}
      >
        <p>
          {anomalie.titre} : {dite}
        </p>
        <p className="discret">{t`La fiche reste comme elle est. La note est gardée avec l’anomalie, et inscrite au journal.`}</p>
        <div className="champ" data-refuse={erreur === '' ? undefined : 'oui'}>
          <label htmlFor={id}>
            {t`Note`}
            <span className="obligatoire"> {t`(obligatoire)`}</span>
          </label>
          <textarea
            ref={saisie}
            id={id}
            className="saisie saisie-longue"
            rows={3}
            maxLength={2000}
            aria-required="true"
            aria-invalid={erreur !== ''}
            aria-describedby={erreur === '' ? undefined : `${id}-erreur`}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          {erreur === '' ? null : (
            <p id={`${id}-erreur`} className="champ-erreur" role="alert">
              {erreur}
            </p>
          )}
        </div>
        <div className="rangee">
          <button type="submit" className="bouton bouton-principal" disabled={enCours}>
            {t`Marquer comme réglée`}
          </button>
          <Button className="bouton" onPress={onFermer}>
            {t`Annuler`}
          </Button>
        </div>
      </form>
    </Boite>
  );
}
