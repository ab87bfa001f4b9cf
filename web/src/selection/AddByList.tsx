import { useId, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { Configuration, Position } from '../api/types';
import { FileField } from './FileField';
import { LineReport } from './LineReport';
import { ReferenceField } from './ReferenceField';
import type { Ajout } from './useAjout';
import type { Selection } from './useSelection';

interface Props {
  communes: Configuration['communes'];
  pres: Position | null;
  selection: Selection;
  ajout: Ajout;
  /** Text of the list: kept by the panel, so that another tab does not lose it. */
  texte: string;
  onTexte: (texte: string) => void;
}

/** Parcels by their references: one typed, or a list pasted or read from a file. */
export function AddByList({ communes, pres, selection, ajout, texte, onTexte }: Props) {
  const { t } = useLingui();
  const id = useId();
  const [commune, setCommune] = useState('');

  const ajouter = (references: string): void => {
    if (references.trim() === '') {
      selection.dire(t`La liste est vide : collez des références, une par ligne.`, true);
      return;
    }
    void ajout.demander({ references, commune: commune === '' ? null : commune });
  };

  return (
    <>
      <ReferenceField pres={pres} onAjouter={(idu) => selection.ajouter([idu])} onRefus={(dit) => selection.dire(dit, true)} />
      <form
        className="bloc"
        onSubmit={(event) => {
          event.preventDefault();
          ajouter(texte);
        }}
      >
        <div className="champ">
          <label htmlFor={`${id}-liste`}>{t`Coller une liste de références, une par ligne`}</label>
          <textarea
            id={`${id}-liste`}
            className="saisie"
            rows={4}
            spellCheck={false}
            placeholder={'AB 145\n99101000AB0146'}
            value={texte}
            onChange={(event) => onTexte(event.target.value)}
          />
        </div>
        {communes.length > 1 ? (
          <div className="champ">
            <label htmlFor={`${id}-commune`}>{t`Commune des références courtes`}</label>
            <select id={`${id}-commune`} className="saisie" value={commune} onChange={(event) => setCommune(event.target.value)}>
              <option value="">{t`celle dite à chaque ligne`}</option>
              {communes.map((c) => (
                <option key={c.insee} value={c.insee}>
                  {`${c.nom} (${c.insee})`}
                </option>
              ))}
            </select>
          </div>
        ) : null}
        <div className="rangee">
          <button type="submit" className="bouton bouton-principal" disabled={ajout.enCours}>
            {t`Ajouter la liste`}
          </button>
          <FileField
            libelle={t`Choisir un fichier CSV ou texte`}
            accept=".csv,.txt,text/csv,text/plain"
            onTexte={(read) => {
              onTexte(read);
              ajouter(read);
            }}
            onTropGros={(nom) => selection.dire(t`Le fichier « ${nom} » est trop gros : 5 Mo au plus.`, true)}
          />
        </div>
      </form>
      {ajout.lignes ? <LineReport lignes={ajout.lignes} focus /> : null}
    </>
  );
}
