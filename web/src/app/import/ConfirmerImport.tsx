import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { Boite } from '../cadre/Boite';
import type { Bilan, ModeImport } from './formes';

interface Props {
  nom: string;
  /** The trial of this very setting, null when there was none. */
  essai: Bilan | null;
  /** Rows of the sheet, null where its format does not tell. */
  lignes: number | null;
  mode: ModeImport;
  onImporter: () => void;
  onFermer: () => void;
}

/** Before rows are written: how many, as the trial found them. */
export function ConfirmerImport({ nom, essai, lignes, mode, onImporter, onFermer }: Props) {
  const { t } = useLingui();
  const rien = essai !== null && (essai.creees + essai.changees === 0 || (essai.rejetees > 0 && mode === 'tout_ou_rien'));
  return (
    <Boite titre={t`Importer « ${nom} »`} question onFermer={onFermer}>
      {essai === null ? (
        <>
          <p>
            {lignes === null
              ? t`Les lignes du fichier vont être lues, puis importées.`
              : plural(lignes, { one: '# ligne du fichier va être lue, puis importée.', other: '# lignes du fichier vont être lues, puis importées.' })}{' '}
            {mode === 'tout_ou_rien' ? t`Si l’une est refusée, rien n’est importé.` : t`Celles qui sont refusées sont rendues dans un fichier à corriger, les autres importées.`}
          </p>
          <p>{t`Ces réglages n’ont pas été essayés : l’essai dit, sans rien écrire, ce que chaque ligne deviendrait.`}</p>
        </>
      ) : rien ? (
        <p>{essai.rejetees > 0 ? plural(essai.rejetees, { one: 'Rien ne serait importé : # ligne est refusée.', other: 'Rien ne serait importé : # lignes sont refusées.' }) : t`Rien ne serait importé : aucune ligne ne change.`}</p>
      ) : (
        <ul>
          {essai.creees > 0 ? <li>{plural(essai.creees, { one: '# fiche va être créée.', other: '# fiches vont être créées.' })}</li> : null}
          {essai.changees > 0 ? <li>{plural(essai.changees, { one: '# fiche va être mise à jour.', other: '# fiches vont être mises à jour.' })}</li> : null}
          {essai.rejetees > 0 ? (
            <li>{plural(essai.rejetees, { one: '# ligne refusée sera rendue dans un fichier à corriger.', other: '# lignes refusées seront rendues dans un fichier à corriger.' })}</li>
          ) : null}
        </ul>
      )}
      <div className="rangee">
        {rien ? null : (
          <Button className="bouton bouton-principal" onPress={onImporter}>
            {t`Importer`}
          </Button>
        )}
        <Button className="bouton" onPress={onFermer}>
          {rien ? t`Fermer` : t`Revenir`}
        </Button>
      </div>
    </Boite>
  );
}
