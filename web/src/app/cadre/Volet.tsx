import type { ReactNode } from 'react';
import { UNSAFE_PortalProvider } from 'react-aria/PortalProvider';
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';

interface Props {
  /** Name of the button. */
  nom: string;
  /** Name read in place of the written one, when it says more. */
  nomLong?: string;
  /** What is opened. */
  titre: string;
  principal?: boolean;
  children: (fermer: () => void) => ReactNode;
}

/** A button that opens a small pane under it. */
export function Volet({ nom, nomLong, titre, principal = false, children }: Props) {
  return (
    <DialogTrigger>
      <Button className={principal ? 'bouton bouton-principal' : 'bouton'} aria-label={nomLong}>
        {nom}
      </Button>
      {/* Inside the page's own landmark, where who listens looks for it. */}
      <UNSAFE_PortalProvider getContainer={() => document.getElementById('contenu')}>
        <Popover className="volet-flottant" placement="bottom start">
          <Dialog className="volet-corps" aria-label={titre}>
            {({ close }) => children(close)}
          </Dialog>
        </Popover>
      </UNSAFE_PortalProvider>
    </DialogTrigger>
  );
}
