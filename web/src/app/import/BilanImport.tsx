import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { formatEntier } from '../../format/nombres';
import type { Bilan, ModeImport } from './formes';

/** What a trial found: how many rows would be made, changed, left, refused, and why. */
export function BilanImport({ bilan, mode }: { bilan: Bilan; mode: ModeImport }) {
  const { t } = useLingui();
  const comptes: readonly [string, number][] = [
    [t`créées`, bilan.creees],
    [t`mises à jour`, bilan.changees],
    [t`inchangées`, bilan.inchangees],
    [t`archivées, laissées telles`, bilan.archivees],
    [t`refusées`, bilan.rejetees],
    [t`anomalies`, bilan.anomalies],
  ];
  const reste = bilan.rejetees - new Set(bilan.rejets.map((r) => r.ligne)).size;
  return (
    <div className="import-bilan">
      <h3>{t`Ce que ferait l’import`}</h3>
      <p>
        {plural(bilan.lues, { 0: 'Aucune ligne lue.', one: '# ligne lue.', other: '# lignes lues.' })}{' '}
        {bilan.rejetees > 0 && mode === 'tout_ou_rien' ? t`Des lignes sont refusées : rien ne serait importé.` : ''}
      </p>
      <dl className="import-comptes">
        {comptes
          .filter(([, n], i) => n > 0 || i < 2)
          .map(([nom, n]) => (
            <div key={nom}>
              <dt>{nom}</dt>
              <dd>{formatEntier(n)}</dd>
            </div>
          ))}
      </dl>
      {bilan.rejets.length > 0 ? (
        <div className="defilable">
          <table className="tableau">
            <caption>{t`Lignes refusées`}</caption>
            <thead>
              <tr>
                <th scope="col" className="colonne colonne-nombre">{t`Ligne`}</th>
                <th scope="col" className="colonne">{t`Colonne`}</th>
                <th scope="col" className="colonne">{t`Valeur`}</th>
                <th scope="col" className="colonne">{t`Motif`}</th>
              </tr>
            </thead>
            <tbody>
              {bilan.rejets.map((r, i) => (
                // A line may be refused for several reasons.
                <tr key={`${String(r.ligne)}-${String(i)}`}>
                  <td className="cellule nombre">{r.ligne}</td>
                  <td className="cellule">{r.colonne ?? ''}</td>
                  <td className="cellule">{r.valeur ?? ''}</td>
                  <td className="cellule">{r.motif}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {reste > 0 ? <p className="discret">{plural(reste, { one: 'et # autre ligne refusée', other: 'et # autres lignes refusées' })}</p> : null}
    </div>
  );
}
