import { useEffect } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { parcelleQuery } from '../api/queries';

/** The page's title says what is selected, so that a tab or a bookmark is found again. */
export function useTitre(idu: string | null): void {
  const { t } = useLingui();
  const { data } = useQuery({ ...parcelleQuery(idu ?? ''), enabled: idu !== null });
  const titre = idu === null ? t`Carte – Finage` : data ? `${data.reference}, ${data.commune.nom} – Finage` : `${idu} – Finage`;
  useEffect(() => {
    document.title = titre;
  }, [titre]);
}
