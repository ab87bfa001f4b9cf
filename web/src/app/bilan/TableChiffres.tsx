import { useId } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { components } from '../../api/openapi';
import { formatDate } from '../../format/nombres';
import { ecrireNombre } from '../saisie/nombres';

type Table = components['schemas']['TableDeChiffres'];
type Colonne = components['schemas']['ColonneDeChiffres'];

/** Units of a bar's own picture, stretched to its cell. */
const HAUTEUR = 10;
const LARGEUR = 100;

const estNombre = ({ genre }: Colonne): boolean => genre === 'entier' || genre === 'decimal';

function ecrit({ genre }: Colonne, valeur: string | null | undefined, oui: string, non: string): string {
  if (valeur === null || valeur === undefined) return '';
  if (genre === 'entier' || genre === 'decimal') return ecrireNombre(valeur);
  if (genre === 'date') return formatDate(valeur);
  if (genre === 'booleen') return valeur === 'true' ? oui : non;
  return valeur;
}

/** A table of figures; where it has bars, each says again the number beside it. */
export function TableChiffres({ table }: { table: Table }) {
  const { t } = useLingui();
  const id = useId();
  const { colonnes, lignes, barres } = table;
  const rang = colonnes.findIndex((c) => c.nom === barres);
  const hauteurs = lignes.map((ligne) => Math.max(0, Number(ligne[rang] ?? 0)));
  const max = Math.max(1, ...hauteurs);
  return (
    <section className="bilan-table" aria-labelledby={id}>
      <h2 id={id}>{table.libelle}</h2>
      {table.note ? <p className="discret">{table.note}</p> : null}
      {lignes.length === 0 ? (
        <p>{t`Rien à compter pour le moment.`}</p>
      ) : (
        // A table that scrolls is scrolled by the keyboard too.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="bilan-defile" role="region" aria-label={table.libelle} tabIndex={0}>
          <table className="tableau">
            <thead>
              <tr>
                {colonnes.map((c) => (
                  <th key={c.nom} scope="col" className={estNombre(c) ? 'nombre' : undefined}>
                    {c.libelle}
                  </th>
                ))}
                {rang >= 0 ? <th aria-hidden="true" className="bilan-barre" /> : null}
              </tr>
            </thead>
            <tbody>
              {lignes.map((ligne, i) => (
                <tr key={String(i)}>
                  {colonnes.map((c, j) =>
                    j === 0 ? (
                      <th key={c.nom} scope="row">{ecrit(c, ligne[j], t`oui`, t`non`)}</th>
                    ) : (
                      <td key={c.nom} className={estNombre(c) ? 'nombre' : undefined}>{ecrit(c, ligne[j], t`oui`, t`non`)}</td>
                    ),
                  )}
                  {rang >= 0 ? (
                    <td aria-hidden="true" className="bilan-barre">
                      <svg className="graphique-barre" viewBox={`0 0 ${LARGEUR} ${HAUTEUR}`} focusable="false" preserveAspectRatio="none">
                        <rect width={((hauteurs[i] ?? 0) / max) * LARGEUR} height={HAUTEUR} rx="1" />
                      </svg>
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
