import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { franchirEtape } from '../api/ecrire';
import { etapesQuery } from '../api/requetes';
import type { EtapeSchema, Fiche, Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import { FormulaireEtape } from './FormulaireEtape';
import { annoncer } from './resultat';

interface Props {
  objet: Objet;
  fiche: Fiche;
  onFranchie: () => void;
}

/** Where the row stands, and the steps it can take from there. */
export function Etapes({ objet, fiche, onFranchie }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [demandee, setDemandee] = useState<EtapeSchema | null>(null);
  const { etapes: schema } = objet;
  const ouverte = objet.actions.includes('transiter') && fiche.propre && fiche.archivee_le === null;
  // Until the server told what keeps a step from being taken, all those of the state are offered: it judges again.
  const { data: permises } = useQuery({ ...etapesQuery(objet.module, objet.objet, fiche.id), enabled: schema !== null && ouverte });
  if (!schema) return null;
  const obstacle = (id: string): string | null => {
    const { obstacle: dit = null, raisons = [] } = permises?.etapes.find((e) => e.id === id) ?? {};
    if (dit === null) return null;
    if (dit !== 'garde') return t`Votre rôle ne le permet pas.`;
    return raisons.length > 0 ? raisons.join(' ') : t`La fiche n’en remplit pas encore la condition.`;
  };
  /** Fields that will be asked for by the step. */
  const aDonner = (id: string): string => {
    const manquants = permises?.etapes.find((e) => e.id === id)?.manquants ?? [];
    return manquants.map((nom) => objet.champs.find((c) => c.nom === nom)?.libelle ?? nom).join(', ');
  };
  const etat = fiche.champs[schema.champ];
  const libelle = schema.etats?.find((e) => e.id === etat)?.libelle ?? fiche.libelles[schema.champ];
  const possibles = ouverte ? schema.etapes.filter((e) => typeof etat === 'string' && e.de.includes(etat) && (permises?.etapes.some((p) => p.id === e.id) ?? true)) : [];
  return (
    <div className="etapes">
      <span className="etat-courant">{typeof libelle === 'string' ? libelle : typeof etat === 'string' ? etat : t`État inconnu`}</span>
      {possibles.map((e) => {
        const empeche = obstacle(e.id);
        const champs = aDonner(e.id);
        return (
          <span key={e.id} className="etape">
            <Button className="bouton" isDisabled={empeche !== null} onPress={() => setDemandee(e)}>
              {e.libelle}
            </Button>
            {empeche === null ? champs === '' ? null : <span className="discret">{t`À remplir : ${champs}`}</span> : <span className="discret">{empeche}</span>}
          </span>
        );
      })}
      {demandee ? (
        <Boite titre={demandee.libelle} onFermer={() => setDemandee(null)}>
          <FormulaireEtape
            objet={objet}
            etape={demandee}
            fiche={fiche}
            onFermer={() => setDemandee(null)}
            onFranchir={async (dit) => {
              await franchirEtape(objet.module, objet.objet, fiche, demandee.id, dit);
              await annoncer(client, objet, fiche.id, demandee);
              setDemandee(null);
              onFranchie();
            }}
          >
            <p>{t`« ${fiche.titre} »`}</p>
          </FormulaireEtape>
        </Boite>
      ) : null}
    </div>
  );
}
