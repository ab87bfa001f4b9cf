import { useMemo } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { MotsValeur } from './ecrire';

/** The words values are said with. */
export function useMots(): MotsValeur {
  const { t } = useLingui();
  return useMemo(() => ({ oui: t`Oui`, non: t`Non` }), [t]);
}
