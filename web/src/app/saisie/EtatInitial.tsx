import { useLingui } from '@lingui/react/macro';
import { nomEtat } from '../fiche/etats';
import type { Objet } from '../api/types';

/** The state a new row is born in, where the form has no control for it. */
export function EtatInitial({ objet }: { objet: Objet }) {
  const { t } = useLingui();
  const { etapes, champs } = objet;
  const champ = champs.find((c) => c.nom === etapes?.champ);
  if (!etapes?.initial || !champ || champ.modifiable) return null;
  return (
    <p className="discret">
      {t`${champ.libelle} au départ : ${nomEtat(objet, etapes.initial)}`}
    </p>
  );
}
