import { useId, useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { rattacher } from '../api/ecrire';
import type { Objet } from '../api/types';

export const PARCELLES = 'parcelles';

interface Props {
  objet: Objet;
  id: string;
  /** Does it and says what is refused; true once done. */
  faire: (acte: () => Promise<unknown>) => Promise<boolean>;
}

/** Attaches a row to a feature of one of the layers its object names. */
export function Rattacher({ objet, id, faire }: Props) {
  const { t } = useLingui();
  const champ = useId();
  const ancrages = objet.ancrages ?? [];
  const [choisi, setChoisi] = useState(0);
  const [cle, setCle] = useState('');
  const ancrage = ancrages[choisi];
  if (!ancrage) return null;
  const parcelle = ancrage.couche === PARCELLES;
  const envoyer = async (): Promise<void> => {
    const entite = parcelle ? cle.replace(/\s+/g, '').toUpperCase() : cle.trim();
    if (entite !== '' && (await faire(() => rattacher(objet.module, objet.objet, id, { couche: ancrage.couche, role: ancrage.role, entite })))) setCle('');
  };
  return (
    <form
      className="rattacher"
      onSubmit={(event) => {
        event.preventDefault();
        void envoyer();
      }}
    >
      {ancrages.length > 1 ? (
        <div className="champ">
          <label htmlFor={`${champ}-role`}>{t`Rattacher comme`}</label>
          <select id={`${champ}-role`} className="saisie" value={choisi} onChange={(event) => setChoisi(Number(event.target.value))}>
            {ancrages.map((a, i) => (
              <option key={`${a.couche}-${a.role}`} value={i}>
                {a.role.replace(/_/g, ' ')} ({a.couche})
              </option>
            ))}
          </select>
        </div>
      ) : null}
      <div className="champ">
        <label htmlFor={champ}>{parcelle ? t`Rattacher à la parcelle (identifiant de 14 caractères)` : t`Rattacher à (identifiant)`}</label>
        <div className="saisie-et-bouton">
          <input id={champ} className="saisie" maxLength={80} autoComplete="off" spellCheck={false} value={cle} onChange={(event) => setCle(event.target.value)} />
          <button type="submit" className="bouton" disabled={cle.trim() === ''}>
            {t`Rattacher`}
          </button>
        </div>
      </div>
    </form>
  );
}
