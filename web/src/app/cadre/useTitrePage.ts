import { useEffect } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { ficheQuery } from '../api/requetes';
import type { Module } from '../api/types';
import { CONSERVATION, estId, type Adresse } from '../url/adresse';

/** The page's title says where one is, so that a tab or a bookmark is found again. */
export function useTitrePage({ module, objet, page, fiche }: Adresse, modules: readonly Module[] | undefined): void {
  const { t } = useLingui();
  const connu = modules?.find((m) => m.id === module)?.objets.find((o) => o.id === objet);
  const ouverte = page ?? fiche;
  const id = ouverte !== null && estId(ouverte) ? ouverte : null;
  const { data } = useQuery({ ...ficheQuery(module ?? '', objet ?? '', id ?? ''), enabled: false });
  const parties = [data?.titre, connu?.pluriel ?? (module !== null ? null : page === CONSERVATION ? t`Conservation` : t`Tableau de bord`), 'Finage'];
  const titre = parties.filter((p) => p !== null && p !== undefined && p !== '').join(' – ');
  useEffect(() => {
    document.title = titre;
  }, [titre]);
}
