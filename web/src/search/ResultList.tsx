import { useEffect, useRef } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { Resultat } from '../api/types';
import { GENRES, type GroupeResultats } from './genres';

interface Props {
  /** Prefix of the ids: the list is `id-liste`, its lines `id-0`, `id-1`… */
  id: string;
  groupes: GroupeResultats[];
  actif: number;
  onActif: (index: number) => void;
  onChoix: (resultat: Resultat) => void;
}

/** The part of a label that its name does not say already. */
function precision({ name, label, context }: Resultat['properties']): string {
  const reste = label.startsWith(name) ? label.slice(name.length).replace(/^[\s,]+/, '') : label;
  return reste === '' ? context : reste;
}

/** The lines under the field, by kind, each kind with its picture and its name. */
export function ResultList({ id, groupes, actif, onActif, onChoix }: Props) {
  const { t, i18n } = useLingui();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [actif]);

  const debuts = groupes.map((_, g) => groupes.slice(0, g).reduce((n, { resultats }) => n + resultats.length, 0));
  return (
    <div ref={list} id={`${id}-liste`} role="listbox" aria-label={t`Résultats`} className="resultats">
      {groupes.map(({ genre, resultats }, g) => {
        const { titre, Icone } = GENRES[genre];
        return (
          <div key={genre} role="group" aria-labelledby={`${id}-${genre}`} className="resultats-groupe">
            <div id={`${id}-${genre}`} role="presentation" className="resultats-titre">
              {i18n._(titre)}
            </div>
            {resultats.map((resultat, r) => {
              const at = (debuts[g] ?? 0) + r;
              const { properties } = resultat;
              return (
                // Keys go through the field: the line under it is only pointed at.
                // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
                <div
                  key={`${properties.type}-${properties.id}`}
                  id={`${id}-${String(at)}`}
                  role="option"
                  aria-selected={at === actif}
                  className="resultat"
                  data-genre={properties.type}
                  onPointerMove={() => {
                    if (at !== actif) onActif(at);
                  }}
                  onPointerDown={(event) => {
                    event.preventDefault();
                  }}
                  onClick={() => {
                    onChoix(resultat);
                  }}
                >
                  <Icone />
                  <span className="resultat-nom">{properties.name}</span>
                  <span className="resultat-precision">{precision(properties)}</span>
                </div>
              );
            })}
          </div>
        );
      })}
    </div>
  );
}
