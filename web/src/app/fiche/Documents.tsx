import { useLingui } from '@lingui/react/macro';
import { adresseFiche } from '../api/adresses';
import type { Objet } from '../api/types';
import { IconePdf } from '../../shell/icones';

/** Letters and acts the server makes from the row. */
export function Documents({ objet, id }: { objet: Objet; id: string }) {
  const { t } = useLingui();
  return (
    <ul className="joints">
      {objet.documents.map((d) => (
        <li key={d.id}>
          <a className="bouton" href={`${adresseFiche(objet.module, objet.objet, id)}/documents/${encodeURIComponent(d.id)}`} target="_blank" rel="noopener">
            <IconePdf />
            {d.libelle}
            <span className="visuellement-cache">{t`(PDF, nouvel onglet)`}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
