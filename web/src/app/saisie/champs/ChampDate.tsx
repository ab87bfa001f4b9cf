import { useState } from 'react';
import type { DefautJour } from '../jours';
import { useDireDefaut } from '../useDireDefaut';
import { Cadre } from './Cadre';
import { SaisieDate } from './SaisieDate';
import { texteDe, type PropsChamp } from './props';

/** A day, or an instant to the minute; what does not exist is said as soon as the field is left. */
export function ChampDate(props: PropsChamp) {
  const { champ, valeur, erreur, onChange } = props;
  const direDefaut = useDireDefaut();
  const [defaut, setDefaut] = useState<DefautJour | null>(null);
  return (
    <Cadre {...props} erreur={erreur ?? (defaut === null ? null : direDefaut(champ, defaut))}>
      {(liens) => <SaisieDate genre={champ.genre === 'date' ? 'date' : 'instant'} nom={champ.libelle} liens={liens} valeur={texteDe(valeur)} onChange={onChange} onDefaut={setDefaut} />}
    </Cadre>
  );
}
