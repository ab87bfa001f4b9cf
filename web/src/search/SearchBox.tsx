import { useEffect, useId, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { rechercheQuery } from '../api/queries';
import type { Position, Resultat } from '../api/types';
import { IconeCroix, IconeLoupe } from '../shell/icones';
import { grouper } from './genres';
import { ResultList } from './ResultList';
import { useDebounced } from './useDebounced';

/** Long enough to skip a request per key, short enough to feel like none is skipped. */
const ATTENTE_MS = 120;

interface Props {
  /** Text the address gives; changes when the reader goes back or forward. */
  q: string;
  /** Where the map looks: near results come before far ones. */
  pres: Position | null;
  onTexte: (q: string) => void;
  onChoix: (resultat: Resultat) => void;
}

/** One field for everything: a combobox whose first line is what Enter opens. */
export function SearchBox({ q, pres, onTexte, onChoix }: Props) {
  const { t } = useLingui();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [texte, setTexte] = useState(q);
  const [ouvert, setOuvert] = useState(false);
  const [actif, setActif] = useState(0);
  const client = useQueryClient();
  const asked = useDebounced(texte.trim(), ATTENTE_MS);
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({ ...rechercheQuery(asked, pres), enabled: ouvert && asked !== '' });

  /** The list is the answer to the very text in the field. */
  const frais = asked === texte.trim() && data !== undefined && !isPlaceholderData && !error;
  const groupes = grouper(texte.trim() === '' || !data ? [] : data.features);
  const liste = groupes.flatMap((g) => g.resultats);
  const choisi = Math.min(actif, liste.length - 1);
  const deplie = ouvert && texte.trim() !== '' && (data !== undefined || error !== null);

  // Back and forward bring their own text; what is being typed is never overwritten by it.
  const [depuis, setDepuis] = useState(q);
  if (q !== depuis) {
    setDepuis(q);
    if (!ouvert) setTexte(q);
  }
  useEffect(() => {
    if (ouvert) onTexte(asked);
  }, [asked, ouvert, onTexte]);

  const choisir = (resultat: Resultat): void => {
    setOuvert(false);
    onTexte(texte.trim());
    onChoix(resultat);
  };
  /** Enter before the answer came: the best of that answer, unless the text has changed since. */
  const choisirDes = (q: string): void => {
    setOuvert(true);
    client.query(rechercheQuery(q, pres)).then(
      ({ features }) => {
        const best = grouper(features)[0]?.resultats[0];
        if (best && input.current?.value.trim() === q) choisir(best);
      },
      // The list says that the search does not answer.
      () => undefined,
    );
  };

  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent): void => {
      const target = event.target as HTMLElement | null;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || target?.closest('input, textarea, select')) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener('keydown', key);
    return () => {
      document.removeEventListener('keydown', key);
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const move = (to: number): void => {
      event.preventDefault();
      setOuvert(true);
      setActif(to);
    };
    const n = liste.length;
    if (event.key === 'ArrowDown') move(deplie && n > 0 ? (choisi + 1) % n : 0);
    else if (event.key === 'ArrowUp') move(deplie && n > 0 ? (choisi - 1 + n) % n : 0);
    else if (event.key === 'Escape') {
      if (deplie) setOuvert(false);
      else if (texte) {
        setTexte('');
        onTexte('');
      } else input.current?.blur();
      event.preventDefault();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (texte.trim() === '') return;
      const resultat = liste[choisi];
      if (deplie && frais && resultat) choisir(resultat);
      else choisirDes(texte.trim());
    }
  };
  const onBlur = (event: FocusEvent): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOuvert(false);
  };

  const n = liste.length;
  const annonce =
    !deplie || !frais ? '' : n > 0 ? plural(n, { one: '# résultat', other: '# résultats' }) : (data.indice ?? t`Aucun résultat.`);
  const indice = frais && n === 0 ? (data.indice ?? t`Aucun résultat. Essayez « AB 145 », un identifiant de 14 caractères, une adresse ou un lieu-dit.`) : null;

  return (
    <search className="recherche" id="recherche" aria-label={t`Recherche`} onBlur={onBlur}>
      <div className="recherche-champ">
        <IconeLoupe />
        <label className="visuellement-cache" htmlFor={id}>
          {t`Rechercher une parcelle, une adresse ou un lieu`}
        </label>
        <input
          ref={input}
          id={id}
          type="text"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={deplie && n > 0}
          aria-controls={deplie && n > 0 ? `${id}-liste` : undefined}
          aria-activedescendant={deplie && choisi >= 0 ? `${id}-${String(choisi)}` : undefined}
          aria-keyshortcuts="/"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={200}
          placeholder={t`AB 145, 12 rue…, lieu-dit, commune`}
          value={texte}
          data-recherche="champ"
          onFocus={(event) => {
            event.currentTarget.select();
            if (texte.trim() !== '') setOuvert(true);
          }}
          onChange={(event) => {
            setTexte(event.target.value);
            setActif(0);
            setOuvert(true);
          }}
          onKeyDown={onKeyDown}
        />
        {isFetching && deplie ? <span className="recherche-attente" aria-hidden="true" /> : null}
        {texte ? (
          <button
            type="button"
            className="bouton-nu"
            aria-label={t`Effacer la recherche`}
            onClick={() => {
              setTexte('');
              onTexte('');
              setOuvert(false);
              input.current?.focus();
            }}
          >
            <IconeCroix />
          </button>
        ) : (
          <kbd aria-hidden="true">/</kbd>
        )}
      </div>
      <p className="visuellement-cache" role="status" aria-live="polite">
        {annonce}
      </p>
      {deplie ? (
        <div className="recherche-volet">
          {error && !isFetching ? (
            <div className="recherche-message" role="alert">
              <p>{t`La recherche ne répond pas.`}</p>
              <button type="button" className="lien" onClick={() => void refetch()}>
                {t`Réessayer`}
              </button>
            </div>
          ) : null}
          {indice !== null ? <p className="recherche-message">{indice}</p> : null}
          {n > 0 && !error ? <ResultList id={id} groupes={groupes} actif={choisi} onActif={setActif} onChoix={choisir} /> : null}
        </div>
      ) : null}
    </search>
  );
}
