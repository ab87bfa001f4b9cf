import { useLingui } from '@lingui/react/macro';
import { adresseFichier } from '../api/adresses';

/** A picture attached to a row, small; a press takes it whole. */
export function Image({ id, nom }: { id: string; nom: string }) {
  const { t } = useLingui();
  return (
    <a className="vignette" href={adresseFichier(id)} download={nom} title={t`Télécharger « ${nom} »`}>
      <img src={adresseFichier(id)} alt={nom} loading="lazy" decoding="async" />
    </a>
  );
}
