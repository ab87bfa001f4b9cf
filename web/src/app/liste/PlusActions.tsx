import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { Demande, Objet } from '../api/types';
import { Lien } from '../cadre/Lien';
import { Volet } from '../cadre/Volet';
import { IMPORT, SERIE, type Adresse } from '../url/adresse';
import { updateAdresse } from '../url/useAdresse';
import { ChoixColonnes } from './ChoixColonnes';
import { colonnables, colonnesDe } from './colonnes';
import { Exports } from './Exports';
import { VuesGardees } from './VuesGardees';

interface Props {
  /** The object as it is seen: its fields that are open. */
  objet: Objet;
  entier: Objet;
  adresse: Adresse;
  demande: Demande;
}

/** What a pane takes to go away. */
const REPIT_MS = 150;

type Partie = 'colonnes' | 'vues' | 'exports';

/** What is done now and then with a list: its columns, its saved views, files in and out. */
export function PlusActions(props: Props) {
  const { t } = useLingui();
  return (
    <Volet nom={t`Plus`} nomLong={t`Plus d’actions`} titre={t`Plus d’actions sur la liste`}>
      {(fermer) => <Menu {...props} fermer={fermer} />}
    </Volet>
  );
}

function Menu({ objet, entier, adresse, demande, fermer }: Props & { fermer: () => void }) {
  const { t } = useLingui();
  const [partie, setPartie] = useState<Partie | null>(null);
  const change = useRef(false);
  const cadre = useRef<HTMLDivElement>(null);
  // What was pressed goes away with its pane: the keyboard goes to the first thing of the next.
  useEffect(() => {
    if (change.current) cadre.current?.querySelector<HTMLElement>('button, a, input, select')?.focus();
    change.current = true;
  }, [partie]);
  const liste = objet.listes.find((l) => l.id === adresse.liste);
  const noms: Record<Partie, string> = { colonnes: t`Colonnes`, vues: t`Vues enregistrées`, exports: t`Exporter` };
  const corps: Record<Partie, () => ReactNode> = {
    colonnes: () => (
      <ChoixColonnes
        objet={entier}
        possibles={colonnables(objet)}
        montrees={colonnesDe(objet, liste, adresse.colonnes)}
        onChoix={(colonnes) => updateAdresse({ colonnes }, 'replace')}
      />
    ),
    vues: () => <VuesGardees module={objet.module} objet={objet.objet} adresse={adresse} fermer={fermer} />,
    exports: () => <Exports objet={objet} demande={demande} selection={adresse.selection} fermer={fermer} />,
  };
  const parties: readonly Partie[] = objet.actions.includes('exporter') ? ['colonnes', 'vues', 'exports'] : ['colonnes', 'vues'];
  return (
    <div ref={cadre} className="plus-actions">
      {partie === null ? (
        <ul className="menu-volet">
          {parties.map((p) => (
            <li key={p}>
              <Button className="module-ligne" onPress={() => setPartie(p)}>
                {noms[p]} <span aria-hidden="true">›</span>
              </Button>
            </li>
          ))}
          {objet.actions.includes('creer') && objet.serie ? (
            <li>
              <Lien className="module-ligne" vers={{ ...adresse, page: SERIE, fiche: null, saisie: false, selection: [], depot: null }}>
                {t`Créer en série, le long d’une ligne`}
              </Lien>
            </li>
          ) : null}
          <li>
            <Button
              className="module-ligne"
              onPress={() => {
                fermer();
                // The pane is gone first: it is not part of the page.
                setTimeout(() => window.print(), REPIT_MS);
              }}
            >
              {t`Imprimer`}
            </Button>
          </li>
          {objet.actions.includes('creer') ? (
            <li>
              <Lien className="module-ligne" vers={{ ...adresse, page: IMPORT, fiche: null, saisie: false, selection: [], depot: null }}>
                {t`Importer`}
              </Lien>
            </li>
          ) : null}
        </ul>
      ) : (
        <>
          <Button className="lien retour-volet" onPress={() => setPartie(null)}>
            <span aria-hidden="true">‹</span> {t`Toutes les actions`}
          </Button>
          <h3>{noms[partie]}</h3>
          {corps[partie]()}
        </>
      )}
    </div>
  );
}
