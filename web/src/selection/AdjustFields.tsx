import { useId } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { Reglage } from './useAjout';

/** Bound of the server too. */
const MAX_TAMPON_M = 5000;

interface Props {
  reglage: Reglage;
  onReglage: (reglage: Reglage) => void;
}

/** Buffer around the shape, and whether parcels must lie wholly inside. */
export function AdjustFields({ reglage, onReglage }: Props) {
  const { t } = useLingui();
  const id = useId();
  return (
    <div className="champs">
      <div className="champ">
        <label htmlFor={`${id}-tampon`}>{t`Tampon (m)`}</label>
        <input
          id={`${id}-tampon`}
          className="saisie saisie-courte"
          type="number"
          inputMode="numeric"
          min={0}
          max={MAX_TAMPON_M}
          step={1}
          value={reglage.tampon_m}
          onChange={(event) => {
            const metres = event.target.valueAsNumber;
            onReglage({ ...reglage, tampon_m: Number.isFinite(metres) ? Math.min(MAX_TAMPON_M, Math.max(0, metres)) : 0 });
          }}
        />
      </div>
      <div className="champ">
        <label htmlFor={`${id}-ajuster`}>{t`Parcelles`}</label>
        <select
          id={`${id}-ajuster`}
          className="saisie"
          value={reglage.ajuster}
          onChange={(event) => onReglage({ ...reglage, ajuster: event.target.value === 'contenu' ? 'contenu' : 'touche' })}
        >
          <option value="touche">{t`touchées par la zone`}</option>
          <option value="contenu">{t`contenues dans la zone`}</option>
        </select>
      </div>
    </div>
  );
}
