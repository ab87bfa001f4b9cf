import { useLingui } from '@lingui/react/macro';
import { formatEntier } from '../../format/nombres';
import type { Barre } from './compter';

const HAUTEUR = 22;
const LARGEUR = 160;

/** Bars, and the table that says the same in figures: one is the picture of the other. */
export function Graphique({ titre, barres }: { titre: string; barres: readonly Barre[] }) {
  const { t } = useLingui();
  const max = Math.max(1, ...barres.map((b) => b.nombre));
  return (
    <div className="graphique">
      <svg className="graphique-barres" viewBox={`0 0 ${LARGEUR} ${Math.max(1, barres.length) * HAUTEUR}`} aria-hidden="true" focusable="false" preserveAspectRatio="xMinYMin meet">
        {barres.map((b, i) => (
          <rect key={b.libelle} x="0" y={i * HAUTEUR + 3} width={Math.max(2, (b.nombre / max) * LARGEUR)} height={HAUTEUR - 6} rx="2" />
        ))}
      </svg>
      <table className="graphique-table">
        <caption className="visuellement-cache">{titre}</caption>
        <thead className="visuellement-cache">
          <tr>
            <th scope="col">{t`Valeur`}</th>
            <th scope="col">{t`Nombre`}</th>
          </tr>
        </thead>
        <tbody>
          {barres.map((b) => (
            <tr key={b.libelle}>
              <th scope="row">{b.libelle}</th>
              <td className="nombre">{formatEntier(b.nombre)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
