import type { MouseEvent } from 'react';
import { useLingui } from '@lingui/react/macro';

interface Props {
  onRecherche: () => void;
  onCarte: () => void;
}

/** Straight to the search or to the map, for who goes by Tab. The hash is the map's place: it is left alone. */
export function SkipLinks({ onRecherche, onCarte }: Props) {
  const { t } = useLingui();
  const go = (act: () => void) => (event: MouseEvent) => {
    event.preventDefault();
    act();
  };
  return (
    <nav className="evitement" aria-label={t`Accès rapide`}>
      <a href="#recherche" onClick={go(onRecherche)}>
        {t`Aller à la recherche`}
      </a>
      <a href="#scene" onClick={go(onCarte)}>
        {t`Aller à la carte`}
      </a>
    </nav>
  );
}
