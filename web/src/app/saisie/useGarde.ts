import { useEffect, useState } from 'react';
import { poserGarde } from '../url/useAdresse';

/** Asks before a sheet with unsaved words is left; `suite` is what waits for the answer. */
export function useGarde(modifiee: boolean): { suite: (() => void) | null; rester: () => void; partir: () => void } {
  const [attente, setAttente] = useState<{ suite: () => void } | null>(null);
  useEffect(() => {
    if (!modifiee) return;
    poserGarde((suite) => setAttente({ suite }));
    const fermer = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', fermer);
    return () => {
      poserGarde(null);
      window.removeEventListener('beforeunload', fermer);
    };
  }, [modifiee]);
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
