import { useEffect, useRef, useState } from 'react';
import { poserGarde } from '../url/useAdresse';

/** Asks before a sheet with unsaved words is left; `suite` is what waits for the answer. */
export function useGarde(modifiee: boolean, seule = true): { suite: (() => void) | null; rester: () => void; partir: () => void; liberer: () => void } {
  const [attente, setAttente] = useState<{ suite: () => void } | null>(null);
  /** The page is left for a moment, its draft kept. */
  const libre = useRef(false);
  useEffect(() => {
    // A form in a dialog leaves the guard to the one it serves.
    if (!modifiee || !seule) return;
    poserGarde((suite) => setAttente({ suite }));
    const fermer = (event: BeforeUnloadEvent): void => {
      if (!libre.current) event.preventDefault();
      libre.current = false;
    };
    window.addEventListener('beforeunload', fermer);
    return () => {
      poserGarde(null);
      window.removeEventListener('beforeunload', fermer);
    };
  }, [modifiee, seule]);
  return {
    suite: attente?.suite ?? null,
    liberer: () => {
      libre.current = true;
    },
    rester: () => setAttente(null),
    partir: () => {
      poserGarde(null);
      setAttente(null);
      attente?.suite();
    },
  };
}
