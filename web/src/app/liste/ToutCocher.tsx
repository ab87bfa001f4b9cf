import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { formatEntier } from '../../format/nombres';
import { lireRefus } from '../api/refus';
import { pageQuery } from '../api/requetes';
import type { Demande, Objet } from '../api/types';
import { estPersonnel } from '../personnel/champs';
import { MAX_SELECTION } from '../url/adresse';
import { updateAdresse } from '../url/useAdresse';
import { colonnables } from './colonnes';
import { clesDuResultat } from './tout';

interface Props {
  objet: Objet;
  demande: Demande;
  total: number;
  /** Rows ticked already. */
  cochees: number;
}

/** Ticks every row of the result, also those that are not on screen; says so where there are too many. */
export function ToutCocher({ objet, demande, total, cochees }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [enCours, setEnCours] = useState(false);
  const [refus, setRefus] = useState('');
  const { module, objet: nom } = objet;
  const possibles = Math.min(total, MAX_SELECTION);
  if (possibles <= cochees) return total > MAX_SELECTION ? <span className="discret">{t`${formatEntier(MAX_SELECTION)} lignes au plus se cochent à la fois.`}</span> : null;
  const cocher = async (): Promise<void> => {
    setEnCours(true);
    setRefus('');
    // One field is enough: the keys alone are wanted.
    const champs = colonnables(objet).filter((c) => !estPersonnel(c)).slice(0, 1).map((c) => c.nom);
    try {
      const selection = await clesDuResultat((page) => client.query(pageQuery(module, nom, demande, champs, page)), MAX_SELECTION);
      updateAdresse({ selection }, 'replace');
    } catch (cause) {
      setRefus(lireRefus(cause).detail || t`Le serveur ne répond pas. Vérifiez votre connexion, puis réessayez.`);
    }
    setEnCours(false);
  };
  return (
    <>
      <Button className="bouton" isDisabled={enCours} onPress={() => void cocher()}>
        {total > MAX_SELECTION ? t`Cocher les ${formatEntier(MAX_SELECTION)} premières lignes (sur ${formatEntier(total)})` : t`Tout le résultat (${formatEntier(total)})`}
      </Button>
      {refus ? (
        <p className="avis-refus" role="alert">
          {refus}
        </p>
      ) : null}
    </>
  );
}
