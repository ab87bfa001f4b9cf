import { useState } from 'react';
import type { ChampSchema } from '../api/types';
import { SaisieDate } from '../saisie/champs/SaisieDate';
import { lireDateSaisie, type DefautJour } from '../saisie/jours';
import { useDireDefaut } from '../saisie/useDireDefaut';

interface Props {
  champ: ChampSchema;
  nom: string;
  valeur: string;
  onChange: (valeur: string) => void;
}

/** A day or an instant of a condition; what is none yet asks nothing, and says why. */
export function UneDate({ champ, nom, valeur, onChange }: Props) {
  const direDefaut = useDireDefaut();
  const genre = champ.genre === 'date' ? 'date' : 'instant';
  const [defaut, setDefaut] = useState<DefautJour | null>(null);
  const [tapee, setTapee] = useState(valeur);
  const [suivie, setSuivie] = useState(valeur);
  // The filter was changed elsewhere; a text that is no date yet is not it.
  if (valeur !== suivie) {
    setSuivie(valeur);
    setTapee(valeur);
  }
  return (
    <div className="une-date">
      <SaisieDate
        genre={genre}
        nom={nom}
        valeur={tapee}
        invalide={defaut !== null}
        onDefaut={setDefaut}
        onChange={(next) => {
          const lu = lireDateSaisie(genre, next);
          const dite = lu.ok ? lu.valeur : '';
          setTapee(next);
          setSuivie(dite);
          onChange(dite);
        }}
      />
      {defaut === null ? null : (
        <p className="champ-erreur" role="alert">
          {direDefaut(champ, defaut)}
        </p>
      )}
    </div>
  );
}
