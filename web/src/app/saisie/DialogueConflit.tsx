import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { Fiche, Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import { ecrireValeur } from '../liste/ecrire';
import { useMots } from '../liste/useMots';
import { GEOMETRIE, type Conflit } from './fusion';
import { lireSaisi, type Saisie } from './valeurs';

interface Props {
  objet: Objet;
  conflit: Conflit;
  ici: Saisie;
  /** The row as it is now, and the form on it. */
  fiche: Fiche;
  la: Saisie;
  /** Found as a draft was put back: nothing is saved yet. */
  brouillon: boolean;
  onChoix: (garder: ReadonlySet<string>) => void;
  onFermer: () => void;
}

/** Someone else saved meanwhile: both versions side by side, one to choose for each field that both changed. */
export function DialogueConflit({ objet, conflit, ici, fiche, la, brouillon, onChoix, onFermer }: Props) {
  const { t } = useLingui();
  const mots = useMots();
  const [garder, setGarder] = useState<ReadonlySet<string>>(() => new Set([...conflit.champs.map((c) => c.nom), ...(conflit.geometrie ? [GEOMETRIE] : [])]));
  const choisir = (nom: string, mienne: boolean): void => {
    const next = new Set(garder);
    if (mienne) next.add(nom);
    else next.delete(nom);
    setGarder(next);
  };
  const ecrire = (nom: string, saisie: Saisie, libelles: Fiche['libelles']): string => {
    const champ = objet.champs.find((c) => c.nom === nom);
    if (!champ) return '';
    const lu = lireSaisi(champ, saisie.champs[nom]);
    return (lu.ok ? ecrireValeur(champ, lu.valeur, libelles[nom], mots) : String(saisie.champs[nom] ?? '')) || t`vide`;
  };
  const lignes = [
    ...conflit.champs.map((c) => ({ nom: c.nom, libelle: c.libelle, moi: ecrire(c.nom, ici, {}), eux: ecrire(c.nom, la, fiche.libelles) })),
    ...(conflit.geometrie ? [{ nom: GEOMETRIE, libelle: t`Géométrie`, moi: t`celle que vous avez dessinée`, eux: t`celle qui est enregistrée` }] : []),
  ];
  return (
    <Boite titre={t`La fiche a changé entre-temps`} question large onFermer={onFermer}>
      <p>
        {brouillon
          ? t`La fiche a été enregistrée depuis votre brouillon. Choisissez pour chaque champ ; les autres changements, ceux de la fiche et les vôtres, sont gardés.`
          : t`Un collègue a enregistré cette fiche pendant que vous l’écriviez. Choisissez pour chaque champ ; les autres changements, les siens et les vôtres, sont gardés.`}
      </p>
      <div className="defilable">
        <table className="tableau conflit">
          <thead>
            <tr>
              <th scope="col" className="colonne">{t`Champ`}</th>
              <th scope="col" className="colonne">{t`Votre version`}</th>
              <th scope="col" className="colonne">{t`Version enregistrée`}</th>
            </tr>
          </thead>
          <tbody>
            {lignes.map((l) => (
              <tr key={l.nom}>
                <th scope="row" className="cellule">
                  {l.libelle}
                </th>
                {[true, false].map((mienne) => (
                  <td key={String(mienne)} className="cellule">
                    <label className="case-ligne">
                      <input type="radio" name={`conflit-${l.nom}`} checked={garder.has(l.nom) === mienne} onChange={() => choisir(l.nom, mienne)} />
                      {mienne ? l.moi : l.eux}
                    </label>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="rangee">
        <Button className="bouton bouton-principal" onPress={() => onChoix(garder)}>
          {brouillon ? t`Continuer avec ces choix` : t`Enregistrer ces choix`}
        </Button>
        <Button className="bouton" onPress={onFermer}>
          {t`Revenir au formulaire`}
        </Button>
      </div>
    </Boite>
  );
}
