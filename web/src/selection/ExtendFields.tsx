import { useId, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';

/** Bound of the server too. */
const MAX_TAMPON_M = 5000;

interface Props {
  enCours: boolean;
  /** Asks for the parcels within so many metres of the selection. */
  onEtendre: (metres: number) => void;
}

/** Adds the parcels near those already selected. */
export function ExtendFields({ enCours, onEtendre }: Props) {
  const { t } = useLingui();
  const id = useId();
  const [metres, setMetres] = useState(10);
  return (
    <details className="pliable">
      <summary>{t`Étendre aux parcelles proches`}</summary>
      <div className="champ champ-etendre">
        <label htmlFor={id}>{t`Distance autour de la sélection (m)`}</label>
        <div className="saisie-et-bouton">
          <input
            id={id}
            className="saisie"
            type="number"
            inputMode="numeric"
            min={1}
            max={MAX_TAMPON_M}
            value={metres}
            onChange={(event) => {
              const read = event.target.valueAsNumber;
              setMetres(Number.isFinite(read) ? Math.min(MAX_TAMPON_M, Math.max(1, read)) : 1);
            }}
          />
          <Button className="bouton" isDisabled={enCours} onPress={() => onEtendre(metres)}>
            {t`Étendre`}
          </Button>
        </div>
      </div>
    </details>
  );
}
