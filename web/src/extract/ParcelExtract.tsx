import { useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { Parcelle } from '../api/types';
import { IconePdf } from '../shell/icones';
import { adresseExtrait, CHOIX_INITIAL } from './choix';
import { ExtractFields } from './ExtractFields';

/** The extract of one parcel: a link, and its choices folded under it. */
export function ParcelExtract({ parcelle }: { parcelle: Parcelle }) {
  const { t } = useLingui();
  const [choix, setChoix] = useState(CHOIX_INITIAL);
  const { idu, reference } = parcelle;
  return (
    <div className="extrait">
      <a className="bouton bouton-principal" href={adresseExtrait(idu, choix)} aria-label={t`Extrait PDF de ${reference}`}>
        <IconePdf />
        {t`Extrait PDF`}
      </a>
      <details className="extrait-choix">
        <summary>{t`Format et échelle`}</summary>
        <ExtractFields choix={choix} onChoix={setChoix} />
      </details>
    </div>
  );
}
