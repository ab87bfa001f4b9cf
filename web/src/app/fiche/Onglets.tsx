import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { Fiche, Objet } from '../api/types';
import { updateAdresse } from '../url/useAdresse';
import { Alentour } from './Alentour';
import { Champs } from './Champs';
import { Documents } from './Documents';
import { Enfants } from './Enfants';
import { Fichiers } from './Fichiers';
import { Historique } from './Historique';
import { Rattachements } from './Rattachements';

interface Props {
  objet: Objet;
  fiche: Fiche;
  onglet: string | null;
  onChangee: () => void;
}

/** The parts of a sheet: its fields, what belongs to it, what lies around, its files, its past. */
export function Onglets({ objet, fiche, onglet, onChangee }: Props) {
  const { t } = useLingui();
  const { id } = fiche;
  const onglets: { id: string; nom: string; corps: () => ReactNode }[] = [
    { id: 'champs', nom: t`Fiche`, corps: () => <Champs objet={objet} fiche={fiche} /> },
    ...objet.onglets.map((o) => ({ id: `${o.module}.${o.objet}`, nom: o.libelle, corps: () => <Enfants objet={objet} id={id} onglet={o} /> })),
    ...(objet.geometrie ? [{ id: 'alentour', nom: t`Alentour`, corps: () => <Alentour objet={objet} id={id} /> }] : []),
    ...(objet.documents.length > 0 && objet.actions.includes('imprimer') ? [{ id: 'documents', nom: t`Documents`, corps: () => <Documents objet={objet} id={id} /> }] : []),
    { id: 'fichiers', nom: t`Fichiers`, corps: () => <Fichiers objet={objet} id={id} /> },
    { id: 'rattachements', nom: t`Rattachements`, corps: () => <Rattachements objet={objet} id={id} /> },
    { id: 'historique', nom: t`Historique`, corps: () => <Historique objet={objet} fiche={fiche} onChangee={onChangee} /> },
  ];
  const choisi = onglets.some((o) => o.id === onglet) ? (onglet ?? 'champs') : 'champs';
  return (
    <Tabs className="fiche-onglets" selectedKey={choisi} onSelectionChange={(key) => updateAdresse({ onglet: key === 'champs' ? null : String(key) }, 'replace')}>
      <TabList className="fiche-onglets-liste" aria-label={t`Parties de la fiche`}>
        {onglets.map((o) => (
          <Tab key={o.id} id={o.id} className="onglet">
            {o.nom}
          </Tab>
        ))}
      </TabList>
      {onglets.map((o) => (
        <TabPanel key={o.id} id={o.id} className="onglet-corps">
          {o.id === choisi ? o.corps() : null}
        </TabPanel>
      ))}
    </Tabs>
  );
}
