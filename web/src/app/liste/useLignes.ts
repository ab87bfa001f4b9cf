import { useEffect, useMemo, useState } from 'react';
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { pageQuery } from '../api/requetes';
import type { Demande, Fiche } from '../api/types';
import { pagesDe, rangerPages } from './pages';

/** A scroll bar drawn along passes over pages that nobody reads: they are not asked. */
const REPIT_MS = 90;

export interface Lignes {
  /** Null until the first answer. */
  total: number | null;
  lignes: ReadonlyMap<number, Fiche>;
  enAttente: boolean;
  erreur: Error | null;
  reprendre: () => void;
}

/** The rows of a list around the ones drawn: asked by pages, kept a while. */
export function useLignes(module: string, objet: string, demande: Demande, champs: readonly string[], premier: number, dernier: number): Lignes {
  const client = useQueryClient();
  const [vue, setVue] = useState({ premier, dernier });
  useEffect(() => {
    const timer = setTimeout(() => setVue({ premier, dernier }), REPIT_MS);
    return () => clearTimeout(timer);
  }, [premier, dernier]);

  const pages = pagesDe(vue.premier, vue.dernier);
  const resultats = useQueries({
    queries: pages.map((page) => pageQuery(module, objet, demande, champs, page)),
    combine: (all) => ({
      donnees: all.map((r) => r.data),
      enAttente: all.some((r) => r.isFetching),
      erreur: all.find((r) => r.error)?.error ?? null,
    }),
  });
  /** The number of rows is what the last answer said: a page on its way does not shorten the list. */
  const question = JSON.stringify([module, objet, demande]);
  const lu = resultats.donnees.find((d) => d !== undefined)?.total;
  const [total, setTotal] = useState<{ question: string; total: number } | null>(null);
  if (lu !== undefined && (total?.question !== question || total.total !== lu)) setTotal({ question, total: lu });

  const lignes = useMemo(() => rangerPages(resultats.donnees), [resultats.donnees]);
  return {
    total: lu ?? (total?.question === question ? total.total : null),
    lignes,
    enAttente: resultats.enAttente,
    erreur: resultats.erreur,
    reprendre: () => void client.refetchQueries({ queryKey: ['lignes', module, objet], type: 'active' }),
  };
}
