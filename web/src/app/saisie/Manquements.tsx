import { useEffect, useId, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { formatDate } from '../../format/nombres';
import type { Manquement } from '../api/types';
import { MAX_MOTIF, motifLu, peutPasserOutre } from './outre';

interface Props {
  manquements: readonly Manquement[];
  /** Whether the account may pass over rules. */
  droit: boolean;
  /** Whether the form has changed since: its rules are then judged again first. */
  change?: boolean;
  /** Grows at each refusal, and takes the keyboard here. */
  tour: number;
  enCours: boolean;
  onPasser: (motif: string) => void;
}

/** Parentheses inside of parentheses are square brackets. */
const entreCrochets = (article: string): string => article.replaceAll('(', '[').replaceAll(')', ']');

/** Whether a message says a day itself, whatever its spaces. */
const ditLe = (message: string, iso: string): boolean => message.replace(/\s/g, ' ').includes(formatDate(iso).replace(/\s/g, ' '));

/** The rules that a write would break: each with its article, and how to pass over those that may be. */
export function Manquements({ manquements, droit, change = false, tour, enCours, onPasser }: Props) {
  const { t } = useLingui();
  const id = useId();
  const boite = useRef<HTMLElement>(null);
  const saisie = useRef<HTMLTextAreaElement>(null);
  const [ouvert, setOuvert] = useState(false);
  const [motif, setMotif] = useState('');
  const [vide, setVide] = useState(false);
  useEffect(() => {
    if (tour > 0) boite.current?.focus();
  }, [tour]);
  useEffect(() => {
    if (ouvert) saisie.current?.focus();
  }, [ouvert]);
  if (manquements.length === 0) return null;
  const possible = droit && peutPasserOutre(manquements);
  const passer = (): void => {
    const lu = motifLu(motif);
    setVide(lu === null);
    if (lu === null) saisie.current?.focus();
    else onPasser(lu);
  };
  return (
    <section ref={boite} className="resume manquements" aria-labelledby={`${id}-titre`} aria-describedby={`${id}-regles`} tabIndex={-1}>
      <h3 id={`${id}-titre`}>{plural(manquements.length, { one: 'Une règle s’y oppose', other: '# règles s’y opposent' })}</h3>
      <ul id={`${id}-regles`}>
        {manquements.map((m) => (
          <li key={`${m.regle}-${m.message}`}>
            {m.message} {m.article === '' ? null : <span className="manquement-article">({entreCrochets(m.article)})</span>}
            {m.le === null || ditLe(m.message, m.le) ? null : <span className="manquement-suite">{t`Ce sera possible à partir du ${formatDate(m.le)}.`}</span>}
            {m.passable ? null : <span className="manquement-suite">{t`Nul ne peut passer outre à cette règle.`}</span>}
          </li>
        ))}
      </ul>
      {change ? (
        <p>{t`La saisie a changé depuis : enregistrez-la, les règles seront vues de nouveau.`}</p>
      ) : possible ? (
        <div className="outre" data-outre="">
          <Button className="bouton" aria-expanded={ouvert} aria-controls={ouvert ? `${id}-outre` : undefined} onPress={() => setOuvert(!ouvert)}>
            {t`Passer outre…`}
          </Button>
          {ouvert ? (
            <div id={`${id}-outre`} className="champ" data-refuse={vide ? 'oui' : undefined}>
              <label htmlFor={`${id}-motif`}>
                {t`Pourquoi passer outre`}
                <span className="obligatoire"> {t`(obligatoire)`}</span>
              </label>
              <p id={`${id}-aide`} className="discret">
                {t`Le motif est gardé au journal avec votre nom et les règles ci-dessus.`}
              </p>
              <textarea
                ref={saisie}
                id={`${id}-motif`}
                className="saisie saisie-longue"
                rows={3}
                maxLength={MAX_MOTIF}
                aria-required="true"
                aria-invalid={vide}
                aria-describedby={vide ? `${id}-aide ${id}-erreur` : `${id}-aide`}
                value={motif}
                onChange={(event) => {
                  setMotif(event.target.value);
                  setVide(false);
                }}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
                  event.preventDefault();
                  passer();
                }}
              />
              {vide ? (
                <p id={`${id}-erreur`} className="champ-erreur">
                  {t`Dites en quelques mots pourquoi.`}
                </p>
              ) : null}
              <div className="rangee">
                <Button className="bouton bouton-principal" isDisabled={enCours} onPress={passer}>
                  {t`Passer outre pour ce motif`}
                </Button>
              </div>
            </div>
          ) : null}
        </div>
      ) : peutPasserOutre(manquements) ? (
        <p>{t`Un responsable qui en a le droit peut passer outre, en disant pourquoi.`}</p>
      ) : null}
    </section>
  );
}
