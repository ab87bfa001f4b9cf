import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { parcelleQuery } from '../api/queries';
import { formatContenance, formatEcart, formatSurface } from '../format/nombres';

/** The contenance of the parcel whose sheet is open, and how far the measured area (m²) is from it. */
export function ContenanceBeside({ idu, aire }: { idu: string; aire: number }) {
  const { t } = useLingui();
  const { data } = useQuery(parcelleQuery(idu));
  if (!data) return null;
  const { reference, contenance_m2: contenance } = data;
  return (
    <div data-fait="contenance">
      <dt>{t`Contenance de ${reference}`}</dt>
      <dd>
        {contenance === null ? (
          <span>{t`Non renseignée`}</span>
        ) : (
          <>
            <span>
              {formatContenance(contenance)} ({formatSurface(contenance)})
            </span>
            <span className="discret">{t`écart de la mesure : ${formatEcart(aire - contenance)}`}</span>
          </>
        )}
      </dd>
    </div>
  );
}
