import type { ReactNode } from 'react';
import { useLingui } from '@lingui/react/macro';

interface Props {
  /** What it is a table of. */
  nom: string;
  colonnes: readonly string[];
  children: ReactNode;
}

/** A table that scrolls in its own place, by keyboard too, where the page is narrower. */
export function Tableau({ nom, colonnes, children }: Props) {
  const { t } = useLingui();
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="defilable" role="region" aria-label={t`Tableau : ${nom}`} tabIndex={0}>
      <table className="tableau">
        <thead>
          <tr>
            {colonnes.map((c) => (
              <th key={c} scope="col" className="colonne">
                {c}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
