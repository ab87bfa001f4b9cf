import type { MouseEvent, ReactNode } from 'react';
import { writeAdresse, type Adresse } from '../url/adresse';
import { aller } from '../url/useAdresse';

interface Props {
  vers: Adresse;
  className?: string;
  nom?: string;
  /** Where one is already. */
  courant?: boolean;
  children: ReactNode;
}

/** A link inside the application: followed without loading the page, opened elsewhere as any link. */
export function Lien({ vers, className = 'lien-simple', nom, courant = false, children }: Props) {
  const suivre = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    aller(vers);
  };
  return (
    <a href={writeAdresse(vers)} className={className} aria-label={nom} aria-current={courant ? 'page' : undefined} onClick={suivre}>
      {children}
    </a>
  );
}
