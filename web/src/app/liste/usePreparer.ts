import { useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { sendJson } from '../../api/client';
import type { Travail } from '../../api/types';
import { addTravail } from '../../jobs/mesTravaux';
import { adresseObjet } from '../api/adresses';
import { lireRefus } from '../api/refus';
import type { DocumentSchema, Objet } from '../api/types';

/** Rows that documents are made for: these, or those that conditions give. */
export type Lesquelles = { ids: readonly string[] } | { liste: string | null; filter: string | null; q: string | null };

/** Asks for documents of many rows; tells the job that makes them, or why there is none. */
export function usePreparer({ module, objet }: Objet): { travail: string | null; refus: string; preparer: (document: DocumentSchema, lesquelles: Lesquelles) => Promise<void> } {
  const { t } = useLingui();
  const [travail, setTravail] = useState<string | null>(null);
  const [refus, setRefus] = useState('');
  return {
    travail,
    refus,
    preparer: async ({ id, finalite }, lesquelles) => {
      setRefus('');
      setTravail(null);
      try {
        const depose = await sendJson<Travail>('POST', `${adresseObjet(module, objet)}/documents/${encodeURIComponent(id)}`, { ...lesquelles, finalite: finalite ?? null });
        addTravail(depose.id);
        setTravail(depose.id);
      } catch (cause) {
        setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’est demandé.`);
      }
    },
  };
}
