import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { IconeCroix } from './icones';

interface Props {
  /** Element id: what the button that opens the panel controls. */
  id: string;
  cote: 'gauche' | 'droit';
  titre: string;
  sousTitre?: ReactNode;
  nomFermer: string;
  onFermer: () => void;
  /** False keeps the Escape key for what happens inside. */
  echapFerme?: boolean;
  /** Grows each time the panel must take the keyboard's focus; 0 leaves it where it is. */
  focus: number;
  enAttente?: boolean;
  /** Changes when the content is another one: it is then read from its top. */
  contenu?: string;
  children: ReactNode;
}

/** A panel beside the map: title, close button, and a body that scrolls. */
export function Panel(props: Props) {
  const { id, cote, titre, sousTitre, nomFermer, onFermer, echapFerme = true, focus, enAttente = false, contenu, children } = props;
  const panel = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const body = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (focus > 0) heading.current?.focus({ preventScroll: true });
  }, [focus]);
  useEffect(() => {
    body.current?.scrollTo({ top: 0 });
  }, [contenu]);
  useEffect(() => {
    const element = panel.current;
    if (!element || !echapFerme) return;
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onFermer();
    };
    element.addEventListener('keydown', key);
    return () => element.removeEventListener('keydown', key);
  }, [echapFerme, onFermer]);

  return (
    <section ref={panel} id={id} className={`panneau panneau-${cote}`} aria-labelledby={`titre-${id}`} data-panneau={id}>
      <div className="panneau-entete">
        <div>
          <h2 id={`titre-${id}`} ref={heading} tabIndex={-1}>
            {titre}
          </h2>
          {sousTitre}
        </div>
        <Button className="bouton-nu" aria-label={nomFermer} onPress={onFermer}>
          <IconeCroix />
        </Button>
      </div>
      <div className="panneau-corps" ref={body} aria-busy={enAttente}>
        {children}
      </div>
    </section>
  );
}
