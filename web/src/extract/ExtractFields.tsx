import { useId } from 'react';
import { useLingui } from '@lingui/react/macro';
import { formatEntier } from '../format/nombres';
import { ECHELLES, type ChoixExtrait } from './choix';

interface Props {
  choix: ChoixExtrait;
  onChoix: (choix: ChoixExtrait) => void;
}

/** Format, orientation and scale of an extract; what is left to the server is said « proposée ». */
export function ExtractFields({ choix, onChoix }: Props) {
  const { t } = useLingui();
  const id = useId();
  return (
    <div className="champs champs-trois">
      <div className="champ">
        <label htmlFor={`${id}-format`}>{t`Format`}</label>
        <select id={`${id}-format`} className="saisie" value={choix.format} onChange={(event) => onChoix({ ...choix, format: event.target.value === 'A3' ? 'A3' : 'A4' })}>
          <option>A4</option>
          <option>A3</option>
        </select>
      </div>
      <div className="champ">
        <label htmlFor={`${id}-orientation`}>{t`Orientation`}</label>
        <select
          id={`${id}-orientation`}
          className="saisie"
          value={choix.orientation ?? ''}
          onChange={(event) => {
            const { value } = event.target;
            onChoix({ ...choix, orientation: value === 'portrait' || value === 'paysage' ? value : null });
          }}
        >
          <option value="">{t`proposée`}</option>
          <option value="portrait">{t`portrait`}</option>
          <option value="paysage">{t`paysage`}</option>
        </select>
      </div>
      <div className="champ">
        <label htmlFor={`${id}-echelle`}>{t`Échelle`}</label>
        <select
          id={`${id}-echelle`}
          className="saisie"
          value={choix.echelle ?? ''}
          onChange={(event) => onChoix({ ...choix, echelle: event.target.value === '' ? null : Number(event.target.value) })}
        >
          <option value="">{t`proposée`}</option>
          {ECHELLES.map((n) => (
            <option key={n} value={n}>
              {`1/${formatEntier(n)}`}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
