import { useEffect, useRef } from 'react';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { formatEntier } from '../../format/nombres';
import type { Bilan, ModeImport } from './formes';
import { acceptees, parLigne, phrase } from './phrases';

/** Characters of a value shown at once. */
const COURTE = 60;

/** A value as it stands in the file; a long one by its beginning, whole once it is unfolded. */
function ValeurRefusee({ valeur }: { valeur: string }) {
  if (valeur.length <= COURTE) return <>{valeur}</>;
  return (
    <details className="import-valeur">
      <summary>{`${valeur.slice(0, COURTE)}…`}</summary>
      {valeur}
    </details>
  );
}

/** What a trial found: how many rows would be made, changed, left, refused, and why. */
export function BilanImport({ bilan, mode }: { bilan: Bilan; mode: ModeImport }) {
  const { t } = useLingui();
  const titre = useRef<HTMLHeadingElement>(null);
  // The answer to the press of a button that may be far above.
  useEffect(() => {
    titre.current?.focus({ preventScroll: true });
    titre.current?.scrollIntoView({ block: 'start' });
  }, [bilan]);
  const comptes: readonly [string, number][] = [
    [t`créées`, bilan.creees],
    [t`mises à jour`, bilan.changees],
    [t`inchangées`, bilan.inchangees],
    [t`archivées, laissées telles`, bilan.archivees],
    [t`refusées`, bilan.rejetees],
  ];
  const reste = bilan.rejetees - new Set(bilan.rejets.map((r) => r.ligne)).size;
  return (
    <div className="import-bilan">
      <h3 ref={titre} tabIndex={-1}>
        {t`Ce que ferait l’import`}
      </h3>
      <p>
        {plural(bilan.lues, { 0: 'Aucune ligne lue.', one: '# ligne lue :', other: '# lignes lues :' })}{' '}
        {bilan.lues === 0 ? '' : t`${plural(acceptees(bilan), { 0: 'aucune acceptée', one: '# acceptée', other: '# acceptées' })}, ${plural(bilan.rejetees, { 0: 'aucune refusée', one: '# refusée', other: '# refusées' })}.`}
      </p>
      {bilan.rejetees > 0 && mode === 'tout_ou_rien' ? <p className="avis-archive">{t`Tant que des lignes sont refusées, rien n’est importé.`}</p> : null}
      {bilan.anomalies > 0 ? <p>{plural(bilan.anomalies, { one: '# anomalie serait notée parmi les lignes acceptées.', other: '# anomalies seraient notées parmi les lignes acceptées.' })}</p> : null}
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
            <caption>{t`Lignes refusées, et pourquoi`}</caption>
            <thead>
              <tr>
                <th scope="col" className="colonne colonne-nombre">{t`Ligne`}</th>
                <th scope="col" className="colonne">{t`Colonne`}</th>
                <th scope="col" className="colonne">{t`Valeur`}</th>
                <th scope="col" className="colonne">{t`Motif`}</th>
              </tr>
            </thead>
            <tbody>
              {parLigne(bilan.rejets).map((r, i) => (
                // A line may be refused for several reasons.
                <tr key={`${String(r.ligne)}-${String(i)}`}>
                  <td className="cellule nombre">{r.ligne}</td>
                  <td className="cellule">{r.colonne ?? ''}</td>
                  <td className="cellule">
                    <ValeurRefusee valeur={r.valeur ?? ''} />
                  </td>
                  <td className="cellule">{phrase(r.motif)}</td>
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
