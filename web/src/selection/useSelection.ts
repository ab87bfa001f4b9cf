import { useCallback, useMemo, useRef, useState } from 'react';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { formatEntier } from '../format/nombres';
import { MAX_PARCELLES, ranger } from '../url/selection';
import { getEtat, updateEtat, useEtat, useVersionNavigateur } from '../url/useEtat';

/** Steps that can be taken back. */
const MAX_RETOURS = 50;

/** What the last action did, in words; `numero` tells two same sentences apart. */
export interface AvisSelection {
  numero: number;
  texte: string;
  refus: boolean;
}

export interface Selection {
  idus: readonly string[];
  ensemble: ReadonlySet<string>;
  avis: AvisSelection | null;
  peutAnnuler: boolean;
  /** Adds parcels; false when they would be too many, which is then said. */
  ajouter: (idus: readonly string[]) => boolean;
  retirer: (idus: readonly string[]) => void;
  basculer: (idu: string) => void;
  vider: () => void;
  annuler: () => void;
  dire: (texte: string, refus?: boolean) => void;
}

type Action = 'bascule' | 'lot';

/** The selection of several parcels: kept in the address, changed step by step, each step said and taken back at will. */
export function useSelection(): Selection {
  const { t } = useLingui();
  const { selection: idus } = useEtat();
  const version = useVersionNavigateur();
  const [avis, setAvis] = useState<AvisSelection | null>(null);
  /** Former selections; those of another page of the history are no longer this one's past. */
  const [passe, setPasse] = useState<{ version: number; pas: (readonly string[])[] }>({ version, pas: [] });
  const derniere = useRef<{ action: Action; version: number }>({ action: 'lot', version });
  const pas = passe.version === version ? passe.pas : [];
  const ensemble = useMemo(() => new Set(idus), [idus]);

  const dire = useCallback((texte: string, refus = false) => {
    setAvis((before) => ({ numero: (before?.numero ?? 0) + 1, texte, refus }));
  }, []);

  const changer = useCallback(
    (next: readonly string[], action: Action) => {
      const before = getEtat().selection;
      setPasse((p) => ({ version, pas: [...(p.version === version ? p.pas : []), before].slice(-MAX_RETOURS) }));
      // A run of clicks is one step of the back button, not thirty.
      const suite = action === 'bascule' && derniere.current.action === 'bascule' && derniere.current.version === version;
      derniere.current = { action, version };
      updateEtat({ selection: next }, suite ? 'replace' : 'push');
    },
    [version],
  );

  const ajouter = useCallback(
    (nouvelles: readonly string[], action: Action = 'lot') => {
      const before = getEtat().selection;
      const next = ranger([...before, ...nouvelles]);
      const ajoutees = next.length - before.length;
      if (next.length > MAX_PARCELLES) {
        const borne = formatEntier(MAX_PARCELLES);
        const total = formatEntier(next.length);
        dire(t`Une sélection ne dépasse pas ${borne} parcelles et celle-ci en aurait ${total} : rien n’est ajouté. Choisissez une zone plus petite ou retirez des parcelles.`, true);
        return false;
      }
      const total = plural(next.length, { one: '# en tout', other: '# en tout' });
      if (ajoutees === 0) {
        dire(nouvelles.length > 0 ? t`Aucune parcelle nouvelle, ${total}.` : t`Aucune parcelle trouvée, ${total}.`);
        return true;
      }
      changer(next, action);
      const quoi = plural(ajoutees, { one: '# parcelle ajoutée', other: '# parcelles ajoutées' });
      dire(`${quoi}, ${total}.`);
      return true;
    },
    [changer, dire, t],
  );

  const retirer = useCallback(
    (anciennes: readonly string[], action: Action = 'lot') => {
      const before = getEtat().selection;
      const out = new Set(anciennes);
      const next = before.filter((idu) => !out.has(idu));
      if (next.length === before.length) return;
      changer(next, action);
      const quoi = plural(before.length - next.length, { one: '# parcelle retirée', other: '# parcelles retirées' });
      const reste = next.length === 0 ? t`la sélection est vide` : plural(next.length, { one: '# en tout', other: '# en tout' });
      dire(`${quoi}, ${reste}.`);
    },
    [changer, dire, t],
  );

  const basculer = useCallback(
    (idu: string) => {
      if (getEtat().selection.includes(idu)) retirer([idu], 'bascule');
      else ajouter([idu], 'bascule');
    },
    [ajouter, retirer],
  );
  const vider = useCallback(() => {
    retirer(getEtat().selection);
  }, [retirer]);

  const annuler = (): void => {
    const back = pas.at(-1);
    if (back === undefined) return;
    setPasse({ version, pas: pas.slice(0, -1) });
    derniere.current = { action: 'lot', version };
    updateEtat({ selection: back }, 'push');
    const total = plural(back.length, { 0: 'la sélection est vide', one: '# parcelle en tout', other: '# parcelles en tout' });
    dire(t`Dernière action annulée : ${total}.`);
  };

  return { idus, ensemble, avis, peutAnnuler: pas.length > 0, ajouter, retirer, basculer, vider, annuler, dire };
}
