import { useLingui } from '@lingui/react/macro';
import type { AdresseParcelle } from '../api/types';

interface Props {
  adresses: AdresseParcelle[];
  lieuxDits: string[];
}

/** Addresses of the parcel, with how each was tied to it. */
export function AddressList({ adresses, lieuxDits }: Props) {
  const { t } = useLingui();
  return (
    <section aria-labelledby="fiche-adresses" className="fiche-section">
      <h3 id="fiche-adresses">{t`Adresses`}</h3>
      {adresses.length === 0 ? (
        <p className="discret">{t`Aucune adresse connue sur cette parcelle.`}</p>
      ) : (
        <ul className="liste">
          {adresses.map((a) => (
            <li key={a.id}>
              <span>{a.libelle}</span>
              <span className="discret">{a.lien === 'declare' ? t`déclarée` : t`par sa position`}</span>
            </li>
          ))}
        </ul>
      )}
      {lieuxDits.length > 0 ? (
        <p className="paire">
          <span className="discret">{t`Lieu-dit`}</span> <span>{lieuxDits.join(', ')}</span>
        </p>
      ) : null}
    </section>
  );
}
