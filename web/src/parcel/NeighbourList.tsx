import { useEffect } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { Voisin } from '../api/types';
import { formatLongueur } from '../format/nombres';

interface Props {
  voisins: Voisin[];
  onVoisin: (idu: string) => void;
  onSurvol: (idu: string | null) => void;
}

const COTES = ['nord', 'nord-est', 'est', 'sud-est', 'sud', 'sud-ouest', 'ouest', 'nord-ouest'];

/** An arrow towards a compass side; nothing for a side that is none of the eight. */
function Fleche({ cote }: { cote: string }) {
  const rang = COTES.indexOf(cote);
  if (rang < 0) return <span className="boussole" />;
  return (
    <svg className="boussole" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <g transform={`rotate(${String(rang * 45)} 12 12)`}>
        <path d="M12 20V5M7 10l5-5.5 5 5.5" />
      </g>
    </svg>
  );
}

/** Parcels that touch this one, each a step to its own sheet; pointing at one shows it on the map. */
export function NeighbourList({ voisins, onVoisin, onSurvol }: Props) {
  const { t } = useLingui();
  // North first, then as the clock turns: the order in which one looks around.
  const tournants = voisins.toSorted((a, b) => COTES.indexOf(a.cote) - COTES.indexOf(b.cote));
  // A list that goes away takes its mark off the map.
  useEffect(
    () => () => {
      onSurvol(null);
    },
    [voisins, onSurvol],
  );
  return (
    <section aria-labelledby="fiche-voisins" className="fiche-section">
      <h3 id="fiche-voisins">{t`Parcelles voisines`}</h3>
      {voisins.length === 0 ? (
        <p className="discret">{t`Aucune parcelle ne touche celle-ci.`}</p>
      ) : (
        <ul className="voisins">
          {tournants.map((v) => {
            const show = (shown: boolean): void => {
              onSurvol(shown ? v.idu : null);
            };
            return (
              <li key={v.idu}>
                <Button
                  className="voisin"
                  onPress={() => {
                    onVoisin(v.idu);
                  }}
                  onHoverChange={show}
                  onFocusChange={show}
                >
                  <Fleche cote={v.cote} />
                  <span className="voisin-ref">{v.reference}</span>
                  <span className="discret">{v.cote}</span>
                  <span className="nombre discret">{formatLongueur(v.contact_m)}</span>
                </Button>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
