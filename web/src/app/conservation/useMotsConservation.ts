import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { lireDuree, type Unite } from './duree';

export interface MotsConservation {
  /** `2 ans et 6 mois`; what is no duration is shown as written. */
  duree: (texte: string | null | undefined) => string;
  sort: (sort: string) => string;
}

/** The words of retention: how long, and what becomes of data then. */
export function useMotsConservation(): MotsConservation {
  const { t } = useLingui();
  const dire: Record<Unite, (n: number) => string> = {
    ans: (n) => plural(n, { one: '# an', other: '# ans' }),
    mois: (n) => plural(n, { one: '# mois', other: '# mois' }),
    semaines: (n) => plural(n, { one: '# semaine', other: '# semaines' }),
    jours: (n) => plural(n, { one: '# jour', other: '# jours' }),
  };
  const sorts: Record<string, string> = { detruire: t`Destruction`, echantillonner: t`Échantillon aux Archives`, transferer: t`Transfert aux Archives` };
  const liste = new Intl.ListFormat('fr-FR', { type: 'conjunction' });
  return {
    duree: (texte) => {
      if (!texte) return t`Sans terme`;
      const parties = lireDuree(texte);
      return parties ? liste.format(parties.map(([unite, n]) => dire[unite](n))) : texte;
    },
    sort: (sort) => sorts[sort] ?? sort,
  };
}
