import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { franchirEtape } from '../api/ecrire';
import type { EtapeSchema, Fiche, Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import { FormulaireEtape } from './FormulaireEtape';

interface Props {
  objet: Objet;
  fiche: Fiche;
  onFranchie: () => void;
}

/** Where the row stands, and the steps it can take from there. */
export function Etapes({ objet, fiche, onFranchie }: Props) {
  const { t } = useLingui();
  const [demandee, setDemandee] = useState<EtapeSchema | null>(null);
  const { etapes: schema } = objet;
  if (!schema) return null;
  const etat = fiche.champs[schema.champ];
  const libelle = schema.etats?.find((e) => e.id === etat)?.libelle ?? fiche.libelles[schema.champ];
  const possibles = objet.actions.includes('transiter') && fiche.propre && fiche.archivee_le === null ? schema.etapes.filter((e) => typeof etat === 'string' && e.de.includes(etat)) : [];
  return (
    <div className="etapes">
      <span className="etat-courant">{typeof libelle === 'string' ? libelle : typeof etat === 'string' ? etat : t`État inconnu`}</span>
      {possibles.map((e) => (
        <Button key={e.id} className="bouton" onPress={() => setDemandee(e)}>
          {e.libelle}
        </Button>
      ))}
      {demandee ? (
        <Boite titre={demandee.libelle} onFermer={() => setDemandee(null)}>
          <FormulaireEtape
            objet={objet}
            etape={demandee}
            fiche={fiche}
            onFermer={() => setDemandee(null)}
            onFranchir={async (valeurs) => {
              await franchirEtape(objet.module, objet.objet, fiche, demandee.id, valeurs);
              setDemandee(null);
              onFranchie();
            }}
          >
            <p>{t`« ${fiche.titre} »`}</p>
          </FormulaireEtape>
        </Boite>
      ) : null}
    </div>
  );
}
