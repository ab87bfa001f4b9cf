import { useEffect, useId, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { rechercheQuery } from '../../api/queries';
import { useDebounced } from '../../search/useDebounced';
import { IconeCroix, IconeLoupe } from '../../shell/icones';
import type { Module } from '../api/types';
import { aller } from '../url/useAdresse';
import { groupesDe, type LigneRecherche } from './lignesRecherche';
import { ListeRecherche } from './ListeRecherche';

const ATTENTE_MS = 150;

/** One field for everything, in the header: rows of every module, parcels, addresses, places. */
export function RechercheGlobale({ modules }: { modules: readonly Module[] }) {
  const { t } = useLingui();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [texte, setTexte] = useState('');
  const [ouvert, setOuvert] = useState(false);
  const [actif, setActif] = useState(0);
  const client = useQueryClient();
  const q = texte.trim();
  const asked = useDebounced(q, ATTENTE_MS);
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({ ...rechercheQuery(asked, null), enabled: ouvert && asked !== '' });

  const frais = asked === q && data !== undefined && !isPlaceholderData && !error;
  const groupes = q === '' || !data ? [] : groupesDe(data.features, q, modules);
  const lignes = groupes.flatMap((g) => g.lignes);
  const n = lignes.length;
  const choisi = Math.min(actif, n - 1);
  const deplie = ouvert && q !== '' && (data !== undefined || error !== null);

  const suivre = ({ vers }: LigneRecherche): void => {
    setOuvert(false);
    if ('dehors' in vers) {
      location.assign(vers.dehors);
      return;
    }
    input.current?.blur();
    aller(vers.dedans);
    document.getElementById('contenu')?.focus({ preventScroll: true });
  };
  /** Enter before the answer came: the first line of that answer, unless the text has changed since. */
  const suivreDes = (voulu: string): void => {
    setOuvert(true);
    client.query(rechercheQuery(voulu, null)).then(
      ({ features }) => {
        const [ligne] = groupesDe(features, voulu, modules).flatMap((g) => g.lignes);
        if (ligne && input.current?.value.trim() === voulu && document.activeElement === input.current) suivre(ligne);
      },
      // The list says that the search does not answer.
      () => undefined,
    );
  };

  useEffect(() => {
    const key = (event: globalThis.KeyboardEvent): void => {
      const target = event.target as HTMLElement | null;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target?.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="alertdialog"]')) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', key);
    return () => document.removeEventListener('keydown', key);
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const pas = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (pas !== 0) {
      setOuvert(true);
      if (n > 0) setActif(deplie ? (choisi + pas + n) % n : 0);
    } else if (event.key === 'Escape') {
      if (deplie) setOuvert(false);
      else if (texte !== '') setTexte('');
      else input.current?.blur();
    } else if (event.key === 'Enter') {
      const ligne = lignes[choisi];
      if (deplie && frais && ligne) suivre(ligne);
      else if (q !== '') suivreDes(q);
    } else return;
    event.preventDefault();
  };
  const onBlur = (event: FocusEvent): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOuvert(false);
  };
  const vide = frais && n === 0 ? (data.indice ?? t`Aucun résultat.`) : null;
  return (
    <search className="recherche app-recherche" aria-label={t`Recherche dans toute l’application`} onBlur={onBlur}>
      <div className="recherche-champ">
        <IconeLoupe />
        <label className="visuellement-cache" htmlFor={id}>
          {t`Rechercher une fiche, une parcelle, une adresse`}
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
          placeholder={t`Fiche, parcelle, adresse…`}
          value={texte}
          onFocus={(event) => {
            event.currentTarget.select();
            if (q !== '') setOuvert(true);
          }}
          onChange={(event) => {
            setTexte(event.target.value);
            setActif(0);
                    setOuvert(true);
          }}
          onKeyDown={onKeyDown}
        />
        {isFetching && deplie ? <span className="recherche-attente" aria-hidden="true" /> : null}
        {texte === '' ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <button
            type="button"
            className="bouton-nu"
            aria-label={t`Effacer la recherche`}
            onClick={() => {
              setTexte('');
              setOuvert(false);
              input.current?.focus();
            }}
          >
            <IconeCroix />
          </button>
        )}
      </div>
      <p className="visuellement-cache" role="status">
        {deplie && frais ? (vide ?? plural(lignes.filter((l) => !l.tous).length, { one: '# résultat', other: '# résultats' })) : ''}
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
          {vide === null ? null : <p className="recherche-message">{vide}</p>}
          {n > 0 && !error ? <ListeRecherche id={id} groupes={groupes} actif={choisi} onActif={setActif} onChoix={suivre} /> : null}
        </div>
      ) : null}
    </search>
  );
}
