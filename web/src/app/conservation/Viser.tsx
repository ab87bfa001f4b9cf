import { useId, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { lireRefus } from '../api/refus';
import { Boite } from '../cadre/Boite';
import { viser, type Bordereau } from './requetes';

interface Props {
  bordereau: Bordereau;
  nom: string;
  onVise: () => void;
  onFermer: () => void;
}

/** The approval of the Archives: its reference and its date. */
export function Viser({ bordereau, nom, onVise, onFermer }: Props) {
  const { t } = useLingui();
  const id = useId();
  const [visa, setVisa] = useState(bordereau.visa ?? '');
  const [le, setLe] = useState(bordereau.visa_le ?? '');
  const [erreur, setErreur] = useState('');
  const [enCours, setEnCours] = useState(false);

  const inscrire = async (): Promise<void> => {
    if (visa.trim() === '' || le === '') {
      setErreur(t`Donnez la référence et la date du visa, telles que les Archives les ont écrites.`);
      return;
    }
    setErreur('');
    setEnCours(true);
    try {
      await viser(bordereau.id, visa.trim(), le);
      onVise();
      return;
    } catch (cause) {
      setErreur(lireRefus(cause).detail || t`Le serveur ne répond pas : rien n’a changé.`);
    }
    setEnCours(false);
  };
  return (
    <Boite titre={t`Inscrire le visa des Archives`} onFermer={onFermer}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void inscrire();
        }}
      >
        <p>{nom}</p>
        <div className="champ">
          <label htmlFor={`${id}-visa`}>{t`Référence du visa`}</label>
          <input id={`${id}-visa`} className="saisie" maxLength={200} aria-required="true" autoComplete="off" value={visa} onChange={(event) => setVisa(event.target.value)} />
        </div>
        <div className="champ">
          <label htmlFor={`${id}-le`}>{t`Date du visa`}</label>
          <input id={`${id}-le`} type="date" className="saisie" aria-required="true" value={le} onChange={(event) => setLe(event.target.value)} />
        </div>
        {erreur === '' ? null : (
          <p className="champ-erreur" role="alert">
            {erreur}
          </p>
        )}
        <div className="rangee">
          <button type="submit" className="bouton bouton-principal" disabled={enCours}>
            {t`Inscrire le visa`}
          </button>
          <Button className="bouton" onPress={onFermer}>
            {t`Annuler`}
          </Button>
        </div>
      </form>
    </Boite>
  );
}
