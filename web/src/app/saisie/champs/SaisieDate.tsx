import { useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { lireDateSaisie, montrerDate, type DefautJour, type GenreDate } from '../jours';
import { ChoixJour } from './ChoixJour';
import type { Liens } from './Cadre';

interface Props {
  genre: GenreDate;
  /** Name of the field, read aloud. */
  nom: string;
  /** Set where a label names the control already. */
  liens?: Liens;
  /** As the server writes it, or as it was typed when it cannot be read. */
  valeur: string;
  invalide?: boolean;
  onChange: (valeur: string) => void;
  /** What is wrong with the text once the field is left; null once it is right. */
  onDefaut: (defaut: DefautJour | null) => void;
}

/** A day or an instant, typed as dd/mm/yyyy or taken from a calendar: the same in forms and in filters. */
export function SaisieDate({ genre, nom, liens, valeur, invalide = false, onChange, onDefaut }: Props) {
  const { t } = useLingui();
  const [texte, setTexte] = useState(() => montrerDate(genre, valeur));
  const [dite, setDite] = useState(valeur);
  // Decided elsewhere: a draft put back, a version chosen, the calendar.
  if (valeur !== dite) {
    setDite(valeur);
    setTexte(montrerDate(genre, valeur));
  }
  const dire = (next: string): void => {
    setDite(next);
    onChange(next);
  };
  const taper = (next: string): void => {
    setTexte(next);
    const lu = lireDateSaisie(genre, next);
    dire(next.trim() === '' ? '' : lu.ok ? lu.valeur : next);
    if (lu.ok || next.trim() === '') onDefaut(null);
  };
  const quitter = (): void => {
    const lu = lireDateSaisie(genre, texte);
    if (texte.trim() === '' || lu.ok) {
      if (lu.ok) setTexte(montrerDate(genre, lu.valeur));
      onDefaut(null);
    } else onDefaut(lu.defaut);
  };
  return (
    <span className="date-groupe">
      <input
        {...liens}
        className="saisie"
        type="text"
        inputMode="numeric"
        autoComplete="off"
        aria-label={liens ? undefined : nom}
        aria-invalid={invalide || (liens?.['aria-invalid'] ?? false)}
        placeholder={genre === 'date' ? t`jj/mm/aaaa` : t`jj/mm/aaaa hh:mm`}
        maxLength={40}
        value={texte}
        onChange={(event) => taper(event.target.value)}
        onBlur={quitter}
      />
      <ChoixJour
        genre={genre}
        nom={nom}
        valeur={valeur}
        onJour={(choisi) => {
          setTexte(montrerDate(genre, choisi));
          dire(choisi);
          onDefaut(null);
        }}
      />
    </span>
  );
}
