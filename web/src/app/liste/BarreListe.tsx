import { useEffect, useRef, useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useDebounced } from '../../search/useDebounced';
import { IconeLoupe } from '../../shell/icones';
import { LienAnomalies } from '../anomalies/LienAnomalies';
import type { Demande, Objet } from '../api/types';
import { Lien } from '../cadre/Lien';
import { Volet } from '../cadre/Volet';
import { Constructeur } from '../filtre/Constructeur';
import { ChoixFinalite } from '../personnel/ChoixFinalite';
import { useFinalite } from '../personnel/useFinalite';
import { IMPORT, type Adresse, type Affichage } from '../url/adresse';
import { getAdresse, updateAdresse } from '../url/useAdresse';
import { ChoixColonnes } from './ChoixColonnes';
import { colonnables, colonnesDe } from './colonnes';
import { Exports } from './Exports';
import { VuesGardees } from './VuesGardees';

const ATTENTE_MS = 250;

interface Props {
  /** The object as it is seen: its fields that are open. */
  objet: Objet;
  entier: Objet;
  adresse: Adresse;
  demande: Demande;
  /** Limits the list to what the map shows, or frees it. */
  onEtendue: (limitee: boolean) => void;
}

/** Everything that decides which rows are shown, and how. */
export function BarreListe({ objet, entier, adresse, demande, onEtendue }: Props) {
  const { t } = useLingui();
  const [finalite] = useFinalite(entier);
  const recherche = useRef<HTMLInputElement>(null);
  const [q, setQ] = useState(adresse.q);
  const [depuis, setDepuis] = useState(adresse.q);
  const demandee = useDebounced(q, ATTENTE_MS);
  // Back and forward bring their own text.
  if (adresse.q !== depuis) {
    setDepuis(adresse.q);
    if (adresse.q !== q.trim()) setQ(adresse.q);
  }
  useEffect(() => {
    if (demandee.trim() !== getAdresse().q) updateAdresse({ q: demandee.trim() }, 'replace');
  }, [demandee]);

  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement | null;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target?.closest('input, textarea, select, [contenteditable="true"], [role="dialog"]')) return;
      event.preventDefault();
      recherche.current?.focus();
      recherche.current?.select();
    };
    document.addEventListener('keydown', key);
    return () => document.removeEventListener('keydown', key);
  }, []);

  const liste = objet.listes.find((l) => l.id === adresse.liste);
  const montrees = colonnesDe(objet, liste, adresse.colonnes);
  const affichages: readonly { id: Affichage; nom: string }[] = [
    { id: 'liste', nom: t`Liste` },
    { id: 'deux', nom: t`Liste et carte` },
    { id: 'carte', nom: t`Carte` },
  ];
  return (
    <div className="barre-liste" role="group" aria-label={t`Outils de la liste`}>
      <search className="barre-recherche">
        <IconeLoupe />
        <input
          ref={recherche}
          type="search"
          className="saisie"
          aria-label={t`Rechercher dans la liste`}
          aria-keyshortcuts="/"
          placeholder={t`Rechercher`}
          maxLength={200}
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
      </search>
      {objet.listes.length > 0 ? (
        <select
          className="saisie barre-choix"
          aria-label={t`Liste`}
          value={liste?.id ?? ''}
          onChange={(event) => updateAdresse({ liste: event.target.value === '' ? null : event.target.value, tri: null, colonnes: null })}
        >
          <option value="">{objet.pluriel}</option>
          {objet.listes.map((l) => (
            <option key={l.id} value={l.id}>
              {l.libelle}
            </option>
          ))}
        </select>
      ) : null}
      <Volet nom={adresse.filtre ? t`Filtre actif` : t`Filtrer`} titre={t`Filtrer la liste`} principal={adresse.filtre !== ''}>
        {() => (
          <>
            <Constructeur objet={objet} texte={adresse.filtre} onFiltre={(filtre) => updateAdresse({ filtre }, 'replace')} />
            <label className="case-ligne">
              <input type="checkbox" checked={adresse.archivees} onChange={(event) => updateAdresse({ archivees: event.target.checked })} />
              {t`Montrer les lignes archivées, et elles seules`}
            </label>
          </>
        )}
      </Volet>
      {objet.geometrie ? (
        <ToggleButton className="bouton bascule" isSelected={adresse.etendue !== null} isDisabled={adresse.affichage === 'liste' && adresse.etendue === null} onChange={onEtendue}>
          {t`Limiter à la carte`}
        </ToggleButton>
      ) : null}
      {finalite === null ? null : <ChoixFinalite objet={entier} compact />}
      <ChoixColonnes objet={entier} possibles={colonnables(objet)} montrees={montrees} onChoix={(colonnes) => updateAdresse({ colonnes }, 'replace')} />
      <VuesGardees module={objet.module} objet={objet.objet} adresse={adresse} />
      {objet.actions.includes('creer') ? (
        <Lien className="bouton" vers={{ ...adresse, page: IMPORT, fiche: null, saisie: false, selection: [], depot: null }}>
          {t`Importer`}
        </Lien>
      ) : null}
      <LienAnomalies objet={objet} adresse={adresse} />
      <Exports objet={objet} demande={demande} selection={adresse.selection} />
      {objet.geometrie ? (
        <div className="segments-liste barre-affichage" role="group" aria-label={t`Affichage`}>
          {affichages.map(({ id, nom }) => (
            <ToggleButton key={id} className="segment" isSelected={adresse.affichage === id} onChange={() => updateAdresse({ affichage: id })}>
              {nom}
            </ToggleButton>
          ))}
        </div>
      ) : null}
    </div>
  );
}
