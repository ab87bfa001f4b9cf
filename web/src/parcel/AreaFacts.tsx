import { useLingui } from '@lingui/react/macro';
import type { Parcelle } from '../api/types';
import { formatContenance, formatEcart, formatSurface } from '../format/nombres';

/** The two areas of a parcel, never confused: the one of the tax file, the one of the drawing. */
export function AreaFacts({ parcelle }: { parcelle: Parcelle }) {
  const { t } = useLingui();
  const { contenance_m2: contenance, surface_m2: surface, surface_methode: methode } = parcelle;
  return (
    <section aria-labelledby="fiche-surfaces" className="fiche-section">
      <h3 id="fiche-surfaces" className="visuellement-cache">{t`Contenance et surface`}</h3>
      <dl className="surfaces">
        <div>
          <dt>{t`Contenance`}</dt>
          <dd>
            <span className="grand">{contenance === null ? t`Non renseignée` : formatContenance(contenance)}</span>
            {contenance === null ? null : <span>{formatSurface(contenance)}</span>}
            <span className="discret">{t`donnée fiscale du cadastre`}</span>
          </dd>
        </div>
        <div>
          <dt>{t`Surface du plan`}</dt>
          <dd>
            <span className="grand">{formatSurface(surface)}</span>
            {contenance === null ? null : <span>{t`écart ${formatEcart(surface - contenance)}`}</span>}
            <span className="discret">{t`calculée en ${methode}`}</span>
          </dd>
        </div>
      </dl>
    </section>
  );
}
