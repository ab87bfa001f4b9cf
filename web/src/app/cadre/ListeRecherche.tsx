import { useEffect, useRef } from 'react';
import { useLingui } from '@lingui/react/macro';
import { GENRES } from '../../search/genres';
import type { GroupeRecherche, LigneRecherche } from './lignesRecherche';

interface Props {
  /** Prefix of the ids: the list is `id-liste`, its lines `id-0`, `id-1`… */
  id: string;
  groupes: readonly GroupeRecherche[];
  actif: number;
  onActif: (index: number) => void;
  onChoix: (ligne: LigneRecherche) => void;
}

/** The lines under the field of the header, by object then by kind of place. */
export function ListeRecherche({ id, groupes, actif, onActif, onChoix }: Props) {
  const { t, i18n } = useLingui();
  const liste = useRef<HTMLDivElement>(null);
  useEffect(() => {
    liste.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [actif]);
  const debuts = groupes.map((_, g) => groupes.slice(0, g).reduce((n, { lignes }) => n + lignes.length, 0));
  return (
    <div ref={liste} id={`${id}-liste`} role="listbox" aria-label={t`Résultats`} className="resultats">
      {groupes.map(({ cle, titre, genre, lignes }, g) => {
        const { titre: nomGenre, Icone } = GENRES[genre];
        return (
          <div key={cle} role="group" aria-labelledby={`${id}-${String(g)}-titre`} className="resultats-groupe">
            <div id={`${id}-${String(g)}-titre`} role="presentation" className="resultats-titre">
              {titre ?? i18n._(nomGenre)}
            </div>
            {lignes.map((ligne, l) => {
              const at = (debuts[g] ?? 0) + l;
              return (
                // Keys go through the field: the line under it is only pointed at.
                // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
                <div
                  key={ligne.cle}
                  id={`${id}-${String(at)}`}
                  role="option"
                  aria-selected={at === actif}
                  className="resultat"
                  onPointerMove={() => {
                    if (at !== actif) onActif(at);
                  }}
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => onChoix(ligne)}
                >
                  {ligne.tous ? (
                    <span className="resultat-tous">{t`Tous les résultats : ${ligne.nom}`}</span>
                  ) : (
                    <>
                      <Icone />
                      <span className="resultat-nom">{ligne.nom}</span>
                      <span className="resultat-precision">{ligne.precision}</span>
                    </>
                  )}
                </div>
              );
            })}
          </div>
        );
      })}
    </div>
  );
}
