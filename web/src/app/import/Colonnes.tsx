import { useLingui } from '@lingui/react/macro';
import type { Objet } from '../api/types';
import { avecCible, champDe, remplissables, type Reglage } from './correspondance';
import type { Feuille } from './formes';

interface Props {
  objet: Objet;
  feuille: Feuille;
  reglage: Reglage;
  onChange: (reglage: Reglage) => void;
}

/** Each column of the file, some of its values, and the field it fills. */
export function Colonnes({ objet, feuille, reglage, onChange }: Props) {
  const { t } = useLingui();
  const champs = remplissables(objet);
  return (
    <div className="defilable">
      <table className="tableau">
        <caption className="visuellement-cache">{t`Colonnes de « ${feuille.nom} »`}</caption>
        <thead>
          <tr>
            <th scope="col" className="colonne">{t`Colonne`}</th>
            <th scope="col" className="colonne">{t`Exemples`}</th>
            <th scope="col" className="colonne">{t`Remplit`}</th>
          </tr>
        </thead>
        <tbody>
          {feuille.colonnes.map((c) => {
            const champ = champDe(reglage.colonnes[c.nom]);
            return (
              <tr key={c.nom}>
                <th scope="row" className="cellule cellule-titre">
                  {c.nom}
                </th>
                <td className="cellule import-exemples">{c.exemples.slice(0, 3).join(' · ')}</td>
                <td className="cellule">
                  <select className="saisie" aria-label={t`Champ que remplit « ${c.nom} »`} value={champ} onChange={(event) => onChange(avecCible(reglage, c.nom, event.target.value))}>
                    <option value="">{t`Rien : la laisser de côté`}</option>
                    {champs.map((f) => (
                      <option key={f.nom} value={f.nom}>
                        {f.libelle}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
