import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type MouseEvent } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { ChampSchema, Fiche } from '../api/types';
import { Lien } from '../cadre/Lien';
import type { Raccourci } from '../fiche/raccourcis';
import { sensDe } from './colonnes';
import { ecrireChamp, estNombre } from './ecrire';
import { defilementVers, fenetreDe, HAUTEUR_LIGNE } from './fenetre';
import { gabaritDe } from './gabarit';
import { useMots } from './useMots';

interface Props {
  /** Name of the list, for who does not see it. */
  nom: string;
  /** Heading of the column of titles. */
  titre: string;
  /** Field that titles are sorted by, null where they are of none. */
  triTitre: string | null;
  colonnes: readonly ChampSchema[];
  tri: readonly string[];
  total: number;
  lignes: ReadonlyMap<number, Fiche>;
  selection: ReadonlySet<string>;
  /** Row whose sheet is open. */
  ouverte: string | null;
  /** Row pointed at on the map. */
  survol: string | null;
  /** Rank the keyboard is on. */
  actif: number;
  /** What a row makes in one press. */
  raccourcis: (fiche: Fiche) => readonly Raccourci[];
  onFenetre: (premier: number, dernier: number) => void;
  onActif: (rang: number) => void;
  onOuvrir: (fiche: Fiche, clavier: boolean) => void;
  onBasculer: (ids: readonly string[], choisies: boolean) => void;
  onSurvol: (id: string | null) => void;
  onTrier: (nom: string, ajouter: boolean) => void;
}

const idLigne = (rang: number): string => `ligne-${String(rang)}`;

/** The rows of an object: only those seen are drawn, the keyboard walks over all of them. */
export function Grille(props: Props) {
  const { nom, titre, triTitre, colonnes, tri, total, lignes, selection, ouverte, survol, actif, raccourcis } = props;
  const { onFenetre, onActif, onOuvrir, onBasculer, onSurvol, onTrier } = props;
  const { t } = useLingui();
  const mots = useMots();
  const cadre = useRef<HTMLDivElement>(null);
  const entete = useRef<HTMLDivElement>(null);
  const [vue, setVue] = useState({ defile: 0, hauteur: 600, rem: 60 });
  const { pistes, largeur } = gabaritDe(colonnes, vue.rem);
  /** The row a run of Shift begins at. */
  const ancre = useRef<number | null>(null);

  const { premier, dernier, vus, haut, hauteur } = fenetreDe(total, vue.defile, vue.hauteur);
  useEffect(() => {
    onFenetre(premier, dernier);
  }, [premier, dernier, onFenetre]);

  useEffect(() => {
    const element = cadre.current;
    if (!element) return;
    const mesurer = (): void =>
      setVue({
        defile: element.scrollTop,
        hauteur: Math.max(HAUTEUR_LIGNE, element.clientHeight - (entete.current?.offsetHeight ?? 0)),
        rem: element.clientWidth / parseFloat(getComputedStyle(document.documentElement).fontSize),
      });
    mesurer();
    const observer = new ResizeObserver(mesurer);
    observer.observe(element);
    element.addEventListener('scroll', mesurer, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', mesurer);
    };
  }, []);

  // The row the keyboard is on comes into view, whoever moved it: the arrows, or the sheet's own « next ».
  useEffect(() => {
    const element = cadre.current;
    if (!element || total === 0) return;
    const tete = entete.current?.offsetHeight ?? 0;
    const voulu = defilementVers(actif, total, element.scrollTop, Math.max(HAUTEUR_LIGNE, element.clientHeight - tete));
    if (Math.abs(voulu - element.scrollTop) > 0.5) element.scrollTop = voulu;
  }, [actif, total]);

  const plage = (a: number, b: number): string[] => {
    const [debut, fin] = a < b ? [a, b] : [b, a];
    const ids: string[] = [];
    for (let rang = debut; rang <= fin; rang += 1) {
      const fiche = lignes.get(rang);
      if (fiche) ids.push(fiche.id);
    }
    return ids;
  };
  const aller = (rang: number, etendre: boolean): void => {
    const borne = Math.min(Math.max(rang, 0), total - 1);
    if (etendre) {
      ancre.current ??= actif;
      onBasculer(plage(ancre.current, borne), true);
    } else ancre.current = null;
    onActif(borne);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || total === 0) return;
    const page = Math.max(1, Math.floor(vue.hauteur / HAUTEUR_LIGNE) - 1);
    const pas: Partial<Record<string, number>> = {
      ArrowDown: actif + 1,
      ArrowUp: actif - 1,
      PageDown: actif + page,
      PageUp: actif - page,
      Home: 0,
      End: total - 1,
    };
    const vers = pas[event.key];
    const fiche = lignes.get(actif);
    if (vers !== undefined) aller(vers, event.shiftKey);
    else if (event.key === 'Enter' && fiche) onOuvrir(fiche, true);
    else if (event.key === ' ' && fiche) onBasculer([fiche.id], !selection.has(fiche.id));
    // Those on the screen: « Tout le résultat » ticks the others, and says how many.
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) onBasculer(plage(vus.premier, vus.dernier - 1), true);
    else return;
    event.preventDefault();
  };
  const onClick = (rang: number, fiche: Fiche, event: MouseEvent): void => {
    if (event.shiftKey) {
      ancre.current ??= actif;
      onBasculer(plage(ancre.current, rang), true);
    } else if (event.ctrlKey || event.metaKey) onBasculer([fiche.id], !selection.has(fiche.id));
    else {
      ancre.current = null;
      onOuvrir(fiche, false);
    }
    onActif(rang);
  };

  const rangs = Array.from({ length: dernier - premier }, (_, i) => premier + i);
  const toutes = total === 0 ? [] : plage(vus.premier, vus.dernier - 1);
  const cochees = toutes.length > 0 && toutes.every((id) => selection.has(id));
  return (
    <div
      ref={cadre}
      className="grille"
      role="grid"
      tabIndex={0}
      aria-label={nom}
      aria-rowcount={total + 1}
      aria-colcount={colonnes.length + 3}
      aria-multiselectable="true"
      aria-activedescendant={actif >= premier && actif < dernier ? idLigne(actif) : undefined}
      style={{ '--pistes': pistes, '--largeur': `${String(largeur)}rem` } as CSSProperties}
      onKeyDown={onKeyDown}
      onMouseLeave={() => onSurvol(null)}
    >
      <div ref={entete} className="grille-entete" role="row" aria-rowindex={1}>
        <div role="columnheader" className="grille-case" aria-colindex={1}>
          <input
            type="checkbox"
            aria-label={t`Cocher les lignes affichées`}
            checked={cochees}
            disabled={toutes.length === 0}
            onChange={() => onBasculer(toutes, !cochees)}
          />
        </div>
        <div role="columnheader" className="grille-titre" aria-colindex={2} aria-sort={triTitre === null ? undefined : sensDe(tri, triTitre)}>
          {triTitre === null ? (
            titre
          ) : (
            <button type="button" className="grille-tri" data-sens={sensDe(tri, triTitre)} title={t`Trier ; avec Maj, ajouter au tri`} onClick={(event) => onTrier(triTitre, event.shiftKey)}>
              {titre}
            </button>
          )}
        </div>
        {colonnes.map((c, i) => {
          const sens = sensDe(tri, c.nom);
          return (
            <div key={c.nom} role="columnheader" aria-colindex={i + 3} aria-sort={sens} className={estNombre(c) ? 'grille-nombre' : undefined}>
              <button type="button" className="grille-tri" data-sens={sens} title={t`Trier ; avec Maj, ajouter au tri`} onClick={(event) => onTrier(c.nom, event.shiftKey)}>
                {c.libelle}
              </button>
            </div>
          );
        })}
      </div>
      <div className="grille-corps" role="rowgroup" style={{ height: hauteur }}>
        <div className="grille-lignes" role="presentation" style={{ transform: `translateY(${String(haut)}px)` }}>
          {rangs.map((rang) => {
            const fiche = lignes.get(rang);
            return fiche ? (
              // Keys go through the grid: the row is only pointed at.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
              <div
                key={rang}
                id={idLigne(rang)}
                role="row"
                className="grille-ligne"
                aria-rowindex={rang + 2}
                aria-selected={selection.has(fiche.id)}
                data-id={fiche.id}
                data-actif={rang === actif ? 'oui' : undefined}
                data-ouverte={fiche.id === ouverte ? 'oui' : undefined}
                data-survol={fiche.id === survol ? 'oui' : undefined}
                data-archivee={fiche.archivee_le === null ? undefined : 'oui'}
                onClick={(event) => onClick(rang, fiche, event)}
                onMouseEnter={() => onSurvol(fiche.id)}
              >
                <div role="gridcell" className="grille-case" aria-colindex={1}>
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    aria-label={t`Cocher ${fiche.titre}`}
                    checked={selection.has(fiche.id)}
                    onClick={(event) => event.stopPropagation()}
                    onChange={() => onBasculer([fiche.id], !selection.has(fiche.id))}
                  />
                </div>
                <div role="rowheader" className="grille-titre" aria-colindex={2}>
                  {fiche.titre}
                  {fiche.archivee_le === null ? null : <span className="pastille-etat">{t`archivée`}</span>}
                </div>
                {colonnes.map((c, i) => (
                  <div key={c.nom} role="gridcell" aria-colindex={i + 3} className={estNombre(c) ? 'grille-nombre' : undefined}>
                    {ecrireChamp(c, fiche, mots)}
                  </div>
                ))}
                <Raccourcis faits={raccourcis(fiche)} titre={fiche.titre} rang={colonnes.length + 3} />
              </div>
            ) : (
              <div key={rang} id={idLigne(rang)} role="row" className="grille-ligne grille-attente" aria-rowindex={rang + 2} aria-busy="true" data-actif={rang === actif ? 'oui' : undefined}>
                <div role="gridcell" aria-colindex={1} />
                <div role="gridcell" aria-colindex={2} className="discret">{t`Chargement…`}</div>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** What the row pointed at makes; by the keyboard, its sheet has the same. */
function Raccourcis({ faits, titre, rang }: { faits: readonly Raccourci[]; titre: string; rang: number }) {
  const { t } = useLingui();
  if (faits.length === 0) return null;
  return (
    <div role="gridcell" className="grille-raccourcis" aria-colindex={rang}>
      {/* A press on a link is not one on the row. */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <span onClick={(event) => event.stopPropagation()}>
        {faits.map((r) => (
          <Lien key={r.libelle} className="bouton" vers={r.vers} nom={t`${r.libelle} : ${titre}`}>
            {r.libelle}
          </Lien>
        ))}
      </span>
    </div>
  );
}
