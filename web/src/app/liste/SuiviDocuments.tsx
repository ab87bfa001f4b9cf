import { useEffect, useRef } from 'react';
import { useLingui } from '@lingui/react/macro';
import { formatOctets } from '../../format/nombres';
import { IconeTelecharger } from '../../shell/icones';
import { fini, useTravail } from '../../jobs/useTravail';

/** Documents asked for many rows: under way, then their file; « Travaux » keeps them besides. */
export function SuiviDocuments({ travail }: { travail: string }) {
  const { t } = useLingui();
  const { data } = useTravail(travail);
  const resultat = data?.resultat ?? null;
  const lien = useRef<HTMLAnchorElement>(null);
  const la = resultat !== null;
  // Who asked and waited finds the file under the keyboard; who went on with something else keeps it.
  useEffect(() => {
    if (la && (document.activeElement === null || document.activeElement === document.body || document.activeElement.closest('.lot'))) lien.current?.focus();
  }, [la]);
  const dit = !data || !fini(data)
    ? t`Les documents sont en préparation : ils apparaîtront ici et dans « Travaux », en haut de la page.`
    : data.etat === 'fait'
      ? (data.rapport?.resume ?? t`Les documents sont faits.`)
      : data.etat === 'annule'
        ? t`La préparation des documents a été annulée.`
        : (data.erreur ?? t`Les documents n’ont pas pu être faits.`);
  return (
    <p className={data?.etat === 'echec' ? 'avis-refus' : 'avis-fait'} role="status">
      {dit}{' '}
      {resultat ? (
        <a ref={lien} className="lien-simple lien-icone" href={`/api/travaux/${encodeURIComponent(travail)}/resultat`} download={resultat.nom}>
          <IconeTelecharger />
          {t`Télécharger ${resultat.nom} (${formatOctets(resultat.octets)})`}
        </a>
      ) : null}
    </p>
  );
}
