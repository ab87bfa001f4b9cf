import { useLingui } from '@lingui/react/macro';
import { formatEntier } from '../../format/nombres';
import type { Barre } from './barres';

/** Units of a bar's own picture, stretched to its cell. */
const HAUTEUR = 10;
const LARGEUR = 100;

/** A table of figures, each with its bar beside: the picture says nothing that the table does not. */
export function Graphique({ titre, barres }: { titre: string; barres: readonly Barre[] }) {
  const { t } = useLingui();
  const max = Math.max(1, ...barres.map((b) => b.nombre));
  if (barres.length === 0) return <p className="discret">{t`Rien à compter.`}</p>;
  return (
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
              <td aria-hidden="true">
                <svg className="graphique-barre" viewBox={`0 0 ${LARGEUR} ${HAUTEUR}`} focusable="false" preserveAspectRatio="none">
                  <rect width={Math.max(1, (b.nombre / max) * LARGEUR)} height={HAUTEUR} rx="1" />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
    </table>
  );
}
