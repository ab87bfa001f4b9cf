import { useId, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { rechercheQuery } from '../api/queries';
import type { Position, Resultat } from '../api/types';
import { ResultList } from '../search/ResultList';
import { useDebounced } from '../search/useDebounced';

const ATTENTE_MS = 120;

interface Props {
  pres: Position | null;
  onAjouter: (idu: string) => void;
  /** Said when the text names no parcel. */
  onRefus: (texte: string) => void;
}

/** Proposals shown: enough to choose from, few enough to need no scrolling of their own. */
const MAX_PROPOSEES = 6;

const parcellesOf = (resultats: readonly Resultat[]): Resultat[] => resultats.filter((r) => r.properties.type === 'parcelle').slice(0, MAX_PROPOSEES);

/** A field that adds one parcel by its reference, and stays ready for the next. */
export function ReferenceField({ pres, onAjouter, onRefus }: Props) {
  const { t } = useLingui();
  const id = useId();
  const client = useQueryClient();
  const [texte, setTexte] = useState('');
  const [ouvert, setOuvert] = useState(false);
  const [actif, setActif] = useState(0);
  const asked = useDebounced(texte.trim(), ATTENTE_MS);
  const { data, isPlaceholderData } = useQuery({ ...rechercheQuery(asked, pres), enabled: ouvert && asked !== '' });
  const resultats = texte.trim() === '' || !data ? [] : parcellesOf(data.features);
  const frais = asked === texte.trim() && !isPlaceholderData;
  const deplie = ouvert && resultats.length > 0;
  const choisi = Math.min(actif, resultats.length - 1);

  const choisir = ({ properties }: Resultat): void => {
    onAjouter(properties.id);
    setTexte('');
    setOuvert(false);
    setActif(0);
  };
  const valider = (): void => {
    const q = texte.trim();
    if (q === '') return;
    const pointe = resultats[choisi];
    if (frais && pointe) {
      choisir(pointe);
      return;
    }
    client.query(rechercheQuery(q, pres)).then(
      ({ features }) => {
        const [best] = parcellesOf(features);
        if (best) choisir(best);
        else onRefus(t`Aucune parcelle « ${q} » n’est connue : vérifiez la référence, ou précisez la commune.`);
      },
      () => onRefus(t`La recherche ne répond pas : réessayez.`),
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const n = resultats.length;
    if (event.key === 'Enter') valider();
    else if (event.key === 'ArrowDown' && n > 0) setActif((choisi + 1) % n);
    else if (event.key === 'ArrowUp' && n > 0) setActif((choisi - 1 + n) % n);
    else if (event.key === 'Escape' && deplie) {
      // Closes the list alone, not the panel around it.
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
      setOuvert(false);
    } else return;
    event.preventDefault();
  };
  const onBlur = (event: FocusEvent): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOuvert(false);
  };

  return (
    <div className="champ champ-reference" role="presentation" onBlur={onBlur}>
      <label htmlFor={id}>{t`Ajouter une parcelle par sa référence`}</label>
      <div className="saisie-et-bouton">
        <input
          id={id}
          className="saisie"
          type="text"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={deplie}
          aria-controls={deplie ? `${id}-liste` : undefined}
          aria-activedescendant={deplie && choisi >= 0 ? `${id}-${String(choisi)}` : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          placeholder="AB 145"
          value={texte}
          onChange={(event) => {
            setTexte(event.target.value);
            setActif(0);
            setOuvert(true);
          }}
          onKeyDown={onKeyDown}
        />
        <button type="button" className="bouton" onClick={valider}>
          {t`Ajouter`}
        </button>
      </div>
      <p className="visuellement-cache" role="status">
        {deplie && frais ? plural(resultats.length, { one: '# parcelle proposée', other: '# parcelles proposées' }) : ''}
      </p>
      {deplie ? (
        <div className="volet">
          <ResultList id={id} groupes={[{ genre: 'parcelle', resultats }]} actif={choisi} onActif={setActif} onChoix={choisir} />
        </div>
      ) : null}
    </div>
  );
}
