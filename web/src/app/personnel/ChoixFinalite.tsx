import { useId } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { Objet } from '../api/types';
import { estPersonnel, permises } from './champs';
import { useFinalite } from './useFinalite';

/** Declares why personal fields are looked at; nothing where the account may not, or where there are none. */
export function ChoixFinalite({ objet, compact = false }: { objet: Objet; compact?: boolean }) {
  const { t } = useLingui();
  const id = useId();
  const [finalite, declarer] = useFinalite(objet);
  const choix = permises(objet);
  if (choix.length === 0 || !objet.champs.some(estPersonnel)) return null;
  const nom = t`Données personnelles`;
  return (
    <div className={compact ? 'finalite finalite-compacte' : 'finalite'} data-declaree={finalite === null ? undefined : 'oui'}>
      {compact ? null : <label htmlFor={id}>{nom}</label>}
      <select
        id={id}
        className="saisie"
        aria-label={compact ? nom : undefined}
        aria-describedby={finalite === null || compact ? undefined : `${id}-journal`}
        value={finalite ?? ''}
        onChange={(event) => declarer(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">{compact ? t`Données personnelles masquées` : t`Masquées`}</option>
        {choix.map((f) => (
          <option key={f.id} value={f.id}>
            {f.libelle}
          </option>
        ))}
      </select>
      {finalite === null || compact ? null : (
        <p id={`${id}-journal`} className="discret">
          {t`Chaque consultation est inscrite au journal.`}
        </p>
      )}
    </div>
  );
}
