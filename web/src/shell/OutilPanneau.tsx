import type { ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { formatEntier } from '../format/nombres';

/** The panels of the right side, one at a time. */
export type Panneau = 'couches' | 'mesure' | 'selection' | 'annotations' | 'travaux' | 'menu';

interface Props {
  id: Panneau;
  /** The panel open now. */
  ouvert: Panneau | null;
  /** Full name, for who does not see the icon. */
  nom: string;
  /** The name written beside the icon where there is room. */
  court: string;
  /** How many things the panel holds, shown on its button. */
  nombre?: number;
  onOuvrir: (panneau: Panneau | null) => void;
  children: ReactNode;
}

/** A button of the bar that opens and closes a panel. */
export function OutilPanneau({ id, ouvert, nom, court, nombre = 0, onOuvrir, children }: Props) {
  const ici = ouvert === id;
  const compte = plural(nombre, { one: '# parcelle', other: '# parcelles' });
  return (
    <ToggleButton
      className="outil"
      data-outil={id}
      aria-expanded={ici}
      aria-controls={ici ? id : undefined}
      aria-label={nombre > 0 ? `${nom} : ${compte}` : nom}
      isSelected={ici}
      onChange={(on) => onOuvrir(on ? id : null)}
    >
      {children}
      <span className="outil-nom">{court}</span>
      {nombre > 0 ? (
        <span className="pastille" aria-hidden="true">
          {formatEntier(nombre)}
        </span>
      ) : null}
    </ToggleButton>
  );
}
