import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

interface Props {
  titre: string;
  /** A question that waits for an answer, read at once. */
  question?: boolean;
  large?: boolean;
  /** Holds what is typed: a press outside does not close it. */
  retenue?: boolean;
  onFermer: () => void;
  children: ReactNode;
}

/** A dialog over the page: what is behind waits. */
export function Boite({ titre, question = false, large = false, retenue = false, onFermer, children }: Props) {
  return (
    <ModalOverlay className="boite-fond" isOpen isDismissable={!question && !retenue} onOpenChange={(ouvert) => !ouvert && onFermer()}>
      <Modal className={large ? 'boite boite-large' : 'boite'}>
        <Dialog role={question ? 'alertdialog' : 'dialog'} className="boite-corps">
          <Heading slot="title" className="boite-titre">
            {titre}
          </Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
