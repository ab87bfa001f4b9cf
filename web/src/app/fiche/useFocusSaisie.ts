import { useEffect, useRef, type RefObject } from 'react';

/** A form that opens or goes away would leave the keyboard nowhere: the title takes it. */
export function useFocusSaisie(titre: RefObject<HTMLElement | null>, saisie: boolean): void {
  const avant = useRef(saisie);
  useEffect(() => {
    if (avant.current === saisie) return;
    avant.current = saisie;
    titre.current?.focus({ preventScroll: true });
  }, [titre, saisie]);
}
