import { useLingui } from '@lingui/react/macro';
import type { ChampSchema } from '../api/types';
import { decimalesDe, type DefautChamp } from './valeurs';

/** Says in French what a form refuses of a field. */
export function useDireDefaut(): (champ: ChampSchema | null, defaut: DefautChamp) => string {
  const { t } = useLingui();
  return (champ, defaut) => {
    switch (defaut) {
      case 'obligatoire':
        return champ ? t`Ce champ est obligatoire.` : t`Dessinez la géométrie : elle est obligatoire.`;
      case 'forme':
        return champ?.genre === 'entier' ? t`Écrivez un nombre entier, par exemple 1 250.` : t`Écrivez un nombre, par exemple 12,50.`;
      case 'decimales': {
        const n = champ ? decimalesDe(champ) : 0;
        return n === 0 ? t`Écrivez un nombre entier, sans décimale.` : t`Pas plus de ${n} décimales.`;
      }
      case 'grand':
        return t`Ce nombre est trop grand.`;
      case 'long': {
        const max = champ?.max ?? 0;
        return t`Pas plus de ${max} caractères.`;
      }
      case 'lourd':
        return champ ? t`Ce texte est trop long pour être enregistré : la fiche entière tient dans 512 Kio. Raccourcissez-le, ou joignez-le comme fichier.` : t`Cette forme a trop de sommets pour être enregistrée : la fiche entière tient dans 512 Kio. Simplifiez-la.`;
      case 'date':
        return t`Écrivez une date complète : jour, mois et année, par exemple 28/11/2026.`;
      case 'instant':
        return t`Écrivez une date et une heure, par exemple 28/11/2026 14:30.`;
      case 'inexistante':
        return t`Cette date n’existe pas : vérifiez le jour et le mois.`;
    }
  };
}
