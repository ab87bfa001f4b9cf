import { useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import type { Geometry } from 'geojson';
import { ErreurApi } from '../api/client';
import { demanderSelection, garderFaits } from '../api/queries';
import type { DemandeSelection, LigneReference, ReponseSelection } from '../api/types';
import type { Selection } from './useSelection';

/** How a shape takes parcels. */
export interface Reglage {
  tampon_m: number;
  ajuster: 'touche' | 'contenu';
}

export interface Ajout {
  enCours: boolean;
  /** What became of the lines of the last list. */
  lignes: LigneReference[] | null;
  /** Asks the server for parcels and adds them; resolves once it is said. */
  demander: (demande: DemandeSelection) => Promise<ReponseSelection | null>;
  oublierLignes: () => void;
}

/** Adds to the selection what the server finds by a shape or a list. */
export function useAjout(selection: Selection, onZone: (zone: Geometry | null) => void): Ajout {
  const { t } = useLingui();
  const client = useQueryClient();
  const [enCours, setEnCours] = useState(0);
  const [lignes, setLignes] = useState<LigneReference[] | null>(null);
  const { ajouter, dire } = selection;

  const demander = async (demande: DemandeSelection): Promise<ReponseSelection | null> => {
    setEnCours((n) => n + 1);
    setLignes(null);
    try {
      const reponse = await demanderSelection(demande);
      garderFaits(client, reponse.parcelles);
      ajouter(reponse.parcelles.map((p) => p.idu));
      onZone(reponse.zone);
      if (demande.references !== undefined) setLignes(reponse.lignes);
      return reponse;
    } catch (error) {
      const dit = error instanceof ErreurApi ? error.message : '';
      dire(dit === '' ? t`Le serveur ne répond pas : rien n’est ajouté. Réessayez.` : dit, true);
      return null;
    } finally {
      setEnCours((n) => n - 1);
    }
  };

  return { enCours: enCours > 0, lignes, demander, oublierLignes: () => setLignes(null) };
}
