import { useLingui } from '@lingui/react/macro';
import type { BatimentParcelle } from '../api/types';
import { formatPourcent, formatSurface } from '../format/nombres';

interface Props {
  batiments: BatimentParcelle[];
  /** m² of the parcel under buildings, each place counted once. */
  emprise: number;
  /** m² of the parcel. */
  surface: number;
}

/** Two areas closer than this are the same on paper, m². */
const EGAL_M2 = 0.5;

/** Buildings that stand on the parcel, with the part that truly does. */
export function BuildingList({ batiments, emprise, surface }: Props) {
  const { t } = useLingui();
  const emprise_batie = formatSurface(emprise);
  const part = formatPourcent(surface > 0 ? emprise / surface : 0);
  return (
    <section aria-labelledby="fiche-batiments" className="fiche-section">
      <h3 id="fiche-batiments">{t`Bâtiments`}</h3>
      {batiments.length === 0 ? (
        <p className="discret">{t`Aucun bâtiment au plan sur cette parcelle.`}</p>
      ) : (
        <>
          <p className="paire">
            <span className="discret">{t`Emprise bâtie`}</span> <strong>{emprise_batie}</strong>
            <span className="discret">{t`soit ${part} de la parcelle`}</span>
          </p>
          <ul className="liste">
            {batiments.map((b) => {
              const entier = formatSurface(b.surface_m2);
              return (
                <li key={b.id}>
                  <span>
                    <span className={b.type === '02' ? 'puce puce-leger' : 'puce puce-dur'} aria-hidden="true" />
                    {b.nom ?? b.libelle}
                    {b.nom ? <span className="discret"> {b.libelle.toLowerCase()}</span> : null}
                  </span>
                  <span className="nombre">
                    {formatSurface(b.surface_sur_parcelle_m2)}
                    {b.surface_m2 - b.surface_sur_parcelle_m2 > EGAL_M2 ? (
                      <span className="discret"> {t`sur ${entier}`}</span>
                    ) : null}
                  </span>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </section>
  );
}
