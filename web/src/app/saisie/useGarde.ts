import { useEffect, useState } from 'react';
import { poserGarde } from '../url/useAdresse';

/** Asks before a sheet with unsaved words is left; `suite` is what waits for the answer. */
export function useGarde(modifiee: boolean, seule = true): { suite: (() => void) | null; rester: () => void; partir: () => void } {
  const [attente, setAttente] = useState<{ suite: () => void } | null>(null);
  useEffect(() => {
    // A form in a dialog leaves the guard to the one it serves.
    if (!modifiee || !seule) return;
    poserGarde((suite) => setAttente({ suite }));
    const fermer = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', fermer);
    return () => {
      poserGarde(null);
      window.removeEventListener('beforeunload', fermer);
    };
  }, [modifiee, seule]);
  return {
    suite: attente?.suite ?? null,
    rester: () => setAttente(null),
    partir: () => {
      poserGarde(null);
      setAttente(null);
      attente?.suite();
    },
  };
}
