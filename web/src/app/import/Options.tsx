import { useId } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { Objet } from '../api/types';
import { champDe, type Reglage } from './correspondance';

interface Props {
  objet: Objet;
  reglage: Reglage;
  onChange: (reglage: Reglage) => void;
}

/** How rows are known again, what becomes of a refused one, whether old data may break today's rules. */
export function Options({ objet, reglage, onChange }: Props) {
  const { t } = useLingui();
  const id = useId();
  const remplis = new Set(Object.values(reglage.colonnes).map(champDe));
  const possibles = objet.champs.filter((c) => remplis.has(c.nom) && c.genre !== 'texte_long' && c.genre !== 'riche' && c.genre !== 'references');
  return (
    <>
      {reglage.nom === null && possibles.length > 0 ? (
        <fieldset className="groupe">
          <legend className="groupe-titre">{t`Une fiche se reconnaît à`}</legend>
          <p className="discret">{t`Une ligne dont la fiche existe la met à jour ; sans rien de coché, chaque ligne crée une fiche.`}</p>
          <div className="import-cles">
            {possibles.map((c) => (
              <label key={c.nom} className="case-ligne">
                <input
                  type="checkbox"
                  checked={reglage.cles.includes(c.nom)}
                  onChange={(event) => onChange({ ...reglage, cles: event.target.checked ? [...reglage.cles, c.nom] : reglage.cles.filter((n) => n !== c.nom) })}
                />
                {c.libelle}
              </label>
            ))}
          </div>
        </fieldset>
      ) : null}
      <fieldset className="groupe">
        <legend className="groupe-titre">{t`Si des lignes sont refusées`}</legend>
        <label className="case-ligne">
          <input type="radio" name={id} checked={reglage.mode === 'tout_ou_rien'} onChange={() => onChange({ ...reglage, mode: 'tout_ou_rien' })} />
          {t`ne rien importer`}
        </label>
        <label className="case-ligne">
          <input type="radio" name={id} checked={reglage.mode === 'ligne_par_ligne'} onChange={() => onChange({ ...reglage, mode: 'ligne_par_ligne' })} />
          {t`importer les autres, et rendre celles-ci dans un fichier à corriger`}
        </label>
        <label className="case-ligne">
          <input type="checkbox" checked={reglage.reprise} onChange={(event) => onChange({ ...reglage, reprise: event.target.checked })} />
          {t`Reprise de données anciennes : accepter ce qui ne suit pas les règles d’aujourd’hui, et le lister comme anomalies`}
        </label>
      </fieldset>
    </>
  );
}
