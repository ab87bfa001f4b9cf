import { useCallback } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { DefautForme } from './sommets';

/** Says in French why a shape cannot be kept. */
export function useDireForme(): (defaut: DefautForme) => string {
  const { t } = useLingui();
  return useCallback(
    (defaut) =>
      defaut === 'croise'
        ? t`Le contour se croise lui-même : une surface doit être d’un seul tenant. Reprenez le sommet qui fait croiser les côtés.`
        : t`Il manque des sommets : une ligne en a au moins deux, une surface au moins trois, tous distincts.`,
    [t],
  );
}
