import { useEffect, useRef, useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useDebounced } from '../../search/useDebounced';
import { IconeLoupe } from '../../shell/icones';
import { LienAnomalies } from '../anomalies/LienAnomalies';
import { lireRefus } from '../api/refus';
import { extraitQuery } from '../api/requetes';
import type { Demande, Objet } from '../api/types';
import { Volet } from '../cadre/Volet';
import { Constructeur } from '../filtre/Constructeur';
import { ChoixFinalite } from '../personnel/ChoixFinalite';
import { estPersonnel, litDuPersonnel } from '../personnel/champs';
import { useFinalite } from '../personnel/useFinalite';
import type { Adresse, Affichage } from '../url/adresse';
import { getAdresse, updateAdresse } from '../url/useAdresse';
import { PlusActions } from './PlusActions';

const ATTENTE_MS = 250;

interface Props {
  /** The object as it is seen: its fields that are open. */
  objet: Objet;
  entier: Objet;
  adresse: Adresse;
  demande: Demande;
  /** Why the filter of the address is refused, null when it is not. */
  refusFiltre: string | null;
  /** Limits the list to what the map shows, or frees it. */
  onEtendue: (limitee: boolean) => void;
}

/** Everything that decides which rows are shown, and how. */
export function BarreListe({ objet, entier, adresse, demande, refusFiltre, onEtendue }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
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
      if (event.key.toLowerCase() !== 'l' || !event.altKey || event.ctrlKey || event.metaKey) return;
      if (target?.closest('[role="dialog"], [role="alertdialog"]')) return;
      event.preventDefault();
      recherche.current?.focus();
      recherche.current?.select();
    };
    document.addEventListener('keydown', key);
    return () => document.removeEventListener('keydown', key);
  }, []);

  const liste = objet.listes.find((l) => l.id === adresse.liste);
  const filtree = adresse.filtre !== '' || adresse.etendue !== null || adresse.archivees;
  /** A text is tried before it takes the place of the filter: one that is refused changes nothing. */
  const verifier = async (filtre: string): Promise<string | null> => {
    const pour = litDuPersonnel(objet, [], [], filtre) ? finalite : null;
    const [champ] = objet.champs.filter((c) => !estPersonnel(c));
    try {
      await client.query(extraitQuery(objet.module, objet.objet, { ...demande, filter: filtre, finalite: pour ?? demande.finalite }, 1, champ ? [champ.nom] : []));
      return null;
    } catch (cause) {
      return lireRefus(cause).detail || t`Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.`;
    }
  };
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
          aria-keyshortcuts="Alt+L"
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
      <Volet nom={filtree ? t`Filtre actif` : t`Filtrer`} titre={t`Filtrer la liste`} principal={filtree}>
        {() => (
          <>
            <Constructeur objet={objet} texte={adresse.filtre} refus={refusFiltre} verifier={verifier} onFiltre={(filtre) => updateAdresse({ filtre }, 'replace')} />
            {objet.geometrie ? (
              <label className="case-ligne">
                <input type="checkbox" checked={adresse.etendue !== null} disabled={adresse.affichage === 'liste' && adresse.etendue === null} onChange={(event) => onEtendue(event.target.checked)} />
                {t`Limiter à ce que montre la carte`}
              </label>
            ) : null}
            <label className="case-ligne">
              <input type="checkbox" checked={adresse.archivees} onChange={(event) => updateAdresse({ archivees: event.target.checked })} />
              {t`Montrer les lignes archivées, et elles seules`}
            </label>
          </>
        )}
      </Volet>
      {finalite === null ? null : <ChoixFinalite objet={entier} compact />}
      <PlusActions objet={objet} entier={entier} adresse={adresse} demande={demande} />
      <LienAnomalies objet={objet} adresse={adresse} />
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
