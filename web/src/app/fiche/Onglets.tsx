import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { modulesQuery } from '../api/requetes';
import type { Fiche, Objet, OngletSchema } from '../api/types';
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
  const { data: ouverts } = useQuery(modulesQuery);
  const ouvert = (o: OngletSchema) => ouverts?.modules.find((m) => m.id === o.module)?.objets.find((x) => x.id === o.objet);
  const onglets: { id: string; nom: string; corps: () => ReactNode }[] = [
    { id: 'champs', nom: t`Fiche`, corps: () => <Champs objet={objet} fiche={fiche} /> },
    // A child the account may not read has no tab.
    ...objet.onglets.flatMap((o) => {
      const enfant = ouvert(o);
      return enfant ? [{ id: `${o.module}.${o.objet}`, nom: o.libelle ?? enfant.pluriel, corps: () => <Enfants objet={objet} id={id} onglet={o} nom={o.libelle ?? enfant.pluriel} /> }] : [];
    }),
    ...(objet.geometrie ? [{ id: 'alentour', nom: t`Alentour`, corps: () => <Alentour objet={objet} id={id} /> }] : []),
    ...(objet.documents.length > 0 && objet.actions.includes('imprimer') ? [{ id: 'documents', nom: t`Documents`, corps: () => <Documents objet={objet} id={id} /> }] : []),
    { id: 'fichiers', nom: t`Fichiers`, corps: () => <Fichiers objet={objet} fiche={fiche} /> },
    ...((objet.ancrages ?? []).length > 0 ? [{ id: 'rattachements', nom: t`Rattachements`, corps: () => <Rattachements objet={objet} fiche={fiche} /> }] : []),
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
