import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { formatContenance, formatEntier, formatSurface } from '../format/nombres';
import type { Totaux } from './trier';

/** How many parcels, and what they measure together. */
export function Totals({ totaux }: { totaux: Totaux }) {
  const { t } = useLingui();
  const { nombre, contenance_m2: contenance, sans_contenance: sans, surface_m2: surface } = totaux;
  return (
    <dl className="totaux">
      <div>
        <dt>{t`Parcelles`}</dt>
        <dd className="grand" data-total="nombre">
          {formatEntier(nombre)}
        </dd>
      </div>
      <div>
        <dt>{t`Contenance`}</dt>
        <dd>
          <span className="grand" data-total="contenance">
            {formatContenance(contenance)}
          </span>
          {sans > 0 ? <span className="discret">{plural(sans, { one: 'sans # parcelle qui n’en a pas', other: 'sans # parcelles qui n’en ont pas' })}</span> : null}
        </dd>
      </div>
      <div>
        <dt>{t`Surface du plan`}</dt>
        <dd className="grand" data-total="surface">
          {formatSurface(surface)}
        </dd>
      </div>
    </dl>
  );
}
