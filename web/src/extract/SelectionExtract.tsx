import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { ErreurApi, sendJson } from '../api/client';
import type { DemandeExtraits, Travail } from '../api/types';
import { IconePdf } from '../shell/icones';
import { adressePlan, CHOIX_INITIAL, MAX_PLAN } from './choix';
import { ExtractFields } from './ExtractFields';

interface Props {
  idus: readonly string[];
  onDire: (texte: string, refus?: boolean) => void;
  onTravail: (travail: Travail) => void;
}

/** Printed plans of the selection: one for all, or one a parcel, made as a job. */
export function SelectionExtract({ idus, onDire, onTravail }: Props) {
  const { t } = useLingui();
  const [choix, setChoix] = useState(CHOIX_INITIAL);
  const [enCours, setEnCours] = useState(false);

  const deposer = async (sortie: 'pdf' | 'zip'): Promise<void> => {
    setEnCours(true);
    const demande: DemandeExtraits = { genre: 'extraits', parametres: { parcelles: idus, references: null, commune: null, fond: null, sortie, ...choix } };
    try {
      onTravail(await sendJson<Travail>('POST', '/api/travaux', demande));
    } catch (error) {
      const dit = error instanceof ErreurApi ? error.message : '';
      onDire(dit === '' ? t`Le serveur ne répond pas : les extraits n’ont pas été demandés. Réessayez.` : dit, true);
    } finally {
      setEnCours(false);
    }
  };

  return (
    <details className="pliable">
      <summary>{t`Extraits PDF`}</summary>
      <ExtractFields choix={choix} onChoix={setChoix} />
      {idus.length > MAX_PLAN ? (
        <p className="discret aide">{t`Un seul plan pour toute la sélection : ${MAX_PLAN} parcelles au plus.`}</p>
      ) : (
        <div className="rangee">
          <a className="bouton" href={adressePlan(idus, choix)}>
            <IconePdf />
            {t`Un plan pour la sélection`}
          </a>
        </div>
      )}
      <p className="aide">{t`Un extrait par parcelle :`}</p>
      <div className="rangee">
        <Button className="bouton" isDisabled={enCours} onPress={() => void deposer('pdf')}>
          {t`En un seul PDF`}
        </Button>
        <Button className="bouton" isDisabled={enCours} onPress={() => void deposer('zip')}>
          {t`En archive ZIP`}
        </Button>
      </div>
    </details>
  );
}
