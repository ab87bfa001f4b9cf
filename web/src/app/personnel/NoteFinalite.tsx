import { useLingui } from '@lingui/react/macro';
import type { Objet } from '../api/types';

/** The purpose personal fields of a new row are held for, where the account has no other to choose from. */
export function NoteFinalite({ objet, finalite }: { objet: Objet; finalite: string }) {
  const { t } = useLingui();
  const libelle = objet.finalites.find((f) => f.id === finalite)?.libelle ?? finalite;
  return <p className="discret">{t`Données personnelles tenues pour la finalité « ${libelle} ».`}</p>;
}
