import { useState, type DragEvent } from 'react';
import { Button, Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Geometry } from 'geojson';
import { selectionQuery } from '../api/queries';
import type { Configuration, Etendue, ParcelleChoisie, Position, Travail } from '../api/types';
import { SelectionExtract } from '../extract/SelectionExtract';
import type { Forme } from '../draw/traceur';
import { IconeAnnuler, IconeCadrer, IconeCorbeille } from '../shell/icones';
import { Panel } from '../shell/Panel';
import { tientDansLien } from '../url/state';
import { AddByList } from './AddByList';
import { AddByMap } from './AddByMap';
import { AddByShape } from './AddByShape';
import { ExportButtons } from './ExportButtons';
import { ExtendFields } from './ExtendFields';
import { readFile } from './FileField';
import { readForme } from './geometrie';
import { SelectionTable } from './SelectionTable';
import { Totals } from './Totals';
import { totaliser } from './trier';
import type { Ajout, Reglage } from './useAjout';
import { useDireDefaut } from './useDireDefaut';
import type { Selection } from './useSelection';
import type { OutilZone } from './useZone';

interface Props {
  selection: Selection;
  ajout: Ajout;
  communes: Configuration['communes'];
  pres: Position | null;
  forme: Forme | null;
  outil: OutilZone | null;
  reglage: Reglage;
  /** Parcel pointed at on the map. */
  survol: string | null;
  focus: number;
  onForme: (forme: Forme | null) => void;
  onReglage: (reglage: Reglage) => void;
  onZone: (zone: Geometry | null) => void;
  onPointer: (idu: string | null) => void;
  onCadrer: (etendue: Etendue) => void;
  onFiche: (idu: string) => void;
  onTravail: (travail: Travail) => void;
  onFermer: () => void;
}

/** Half a plot around a parcel's point, degrees: what « voir » shows. */
const AUTOUR = 0.0008;

function etendueOf(parcelles: readonly ParcelleChoisie[], marge: number): Etendue | null {
  if (parcelles.length === 0) return null;
  const lons = parcelles.map((p) => p.centre[0]);
  const lats = parcelles.map((p) => p.centre[1]);
  const min = (list: readonly number[]): number => list.reduce((a, b) => Math.min(a, b));
  const max = (list: readonly number[]): number => list.reduce((a, b) => Math.max(a, b));
  return [min(lons) - marge, min(lats) - marge, max(lons) + marge, max(lats) + marge];
}

/** The selection of several parcels: ways to add, table, totals, exports. */
export default function SelectionPanel(props: Props) {
  const { selection, ajout, communes, pres, forme, outil, reglage, survol, focus } = props;
  const { onForme, onReglage, onZone, onPointer, onCadrer, onFiche, onTravail, onFermer } = props;
  const { t } = useLingui();
  const direDefaut = useDireDefaut();
  const client = useQueryClient();
  const { idus, avis } = selection;
  const { data, isFetching, isPlaceholderData } = useQuery(selectionQuery(client, idus));
  const parcelles = idus.length === 0 ? [] : (data ?? []);
  const [onglet, setOnglet] = useState('carte');
  const [texte, setTexte] = useState('');
  const [depose, setDepose] = useState(false);
  const connues = new Set(parcelles.map((p) => p.idu));
  /** Of an old link: parcels divided or renumbered since. */
  const absentes = data && !isPlaceholderData ? idus.filter((idu) => !connues.has(idu)) : [];
  const plusieurs = new Set(parcelles.map((p) => p.commune.insee)).size > 1;
  const tout = etendueOf(parcelles, AUTOUR);

  const lireForme = (lu: string, nom: string, srid: number): void => {
    const forme = readForme(lu);
    if (!forme.ok) selection.dire(`${nom} : ${direDefaut(forme.defaut)}`, true);
    else void ajout.demander({ geometrie: forme.geometrie, srid: forme.srid ?? srid, ...reglage });
  };
  /** A dropped file is a shape or a list, by its name. */
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setDepose(false);
    const [file] = event.dataTransfer.files;
    if (!file) return;
    const trop = (nom: string): void => selection.dire(t`Le fichier « ${nom} » est trop gros : 5 Mo au plus.`, true);
    void readFile(
      file,
      (lu, nom) => {
        if (/\.(geojson|json|wkt|gpx)$/i.test(nom)) {
          setOnglet('coordonnees');
          lireForme(lu, nom, 4326);
        } else {
          setOnglet('liste');
          setTexte(lu);
          void ajout.demander({ references: lu, commune: null });
        }
      },
      trop,
    );
  };
  const choisirOnglet = (next: string): void => {
    setOnglet(next);
    if (next !== 'carte') onForme(null);
  };
  /** A button that goes away must not take the keyboard's place with it. */
  const puisTitre = (act: () => void) => () => {
    act();
    document.getElementById('titre-selection')?.focus();
  };

  return (
    <Panel
      id="selection"
      cote="droit"
      titre={t`Sélection`}
      nomFermer={t`Fermer la sélection`}
      onFermer={onFermer}
      echapFerme={forme === null}
      focus={focus}
      enAttente={isFetching || ajout.enCours}
    >
      <div
        className="selection"
        role="presentation"
        data-depose={depose ? 'oui' : undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setDepose(true);
        }}
        onDragLeave={() => setDepose(false)}
        onDrop={onDrop}
      >
        <Tabs selectedKey={onglet} onSelectionChange={(key) => choisirOnglet(String(key))} className="onglets">
          <TabList className="onglets-liste" aria-label={t`Façons d’ajouter`}>
            <Tab id="carte" className="onglet">{t`Carte`}</Tab>
            <Tab id="liste" className="onglet">{t`Références`}</Tab>
            <Tab id="coordonnees" className="onglet">{t`Coordonnées`}</Tab>
          </TabList>
          <TabPanel id="carte" className="onglet-corps">
            <AddByMap forme={forme} outil={outil} reglage={reglage} onForme={onForme} onReglage={onReglage} />
          </TabPanel>
          <TabPanel id="liste" className="onglet-corps">
            <AddByList communes={communes} pres={pres} selection={selection} ajout={ajout} texte={texte} onTexte={setTexte} />
          </TabPanel>
          <TabPanel id="coordonnees" className="onglet-corps">
            <AddByShape selection={selection} ajout={ajout} reglage={reglage} onReglage={onReglage} onFichier={lireForme} />
          </TabPanel>
        </Tabs>

        <div className="selection-avis">
          {avis ? (
            <p key={avis.numero} className={avis.refus ? 'avis-refus' : 'avis-fait'} role={avis.refus ? 'alert' : undefined}>
              {avis.texte}
            </p>
          ) : null}
          {selection.peutAnnuler ? (
            <Button className="bouton" onPress={selection.annuler}>
              <IconeAnnuler />
              {t`Annuler`}
            </Button>
          ) : null}
        </div>

        {idus.length === 0 ? (
          <p className="discret">
            {t`La sélection est vide. Ajoutez des parcelles par la carte, par leurs références ou par des coordonnées ; un fichier peut aussi être déposé ici.`}
          </p>
        ) : (
          <section aria-label={t`Parcelles choisies`} className="selection-corps">
            <Totals totaux={totaliser(parcelles)} />
            {absentes.length > 0 ? (
              <p className="avis-refus">
                {plural(absentes.length, { one: '# parcelle du lien n’est pas au plan.', other: '# parcelles du lien ne sont pas au plan.' })}{' '}
                <Button className="lien" onPress={puisTitre(() => selection.retirer(absentes))}>
                  {t`Les retirer`}
                </Button>
              </p>
            ) : null}
            {tientDansLien(idus) ? null : (
              <p className="avis-refus">{t`Cette sélection est trop longue pour tenir dans un lien : pour la partager ou la garder, exportez-la.`}</p>
            )}
            <div className="rangee">
              <Button className="bouton" isDisabled={tout === null} onPress={() => tout && onCadrer(tout)}>
                <IconeCadrer />
                {t`Voir tout`}
              </Button>
              <Button
                className="bouton"
                onPress={puisTitre(() => {
                  selection.vider();
                  onZone(null);
                })}
              >
                <IconeCorbeille />
                {t`Tout retirer`}
              </Button>
            </div>
            <SelectionTable
              parcelles={parcelles}
              survol={survol}
              plusieursCommunes={plusieurs}
              onPointer={onPointer}
              onVoir={(p) => {
                const ici = etendueOf([p], AUTOUR);
                if (ici) onCadrer(ici);
              }}
              onFiche={onFiche}
              onRetirer={selection.retirer}
            />
            <ExtendFields enCours={ajout.enCours} onEtendre={(metres) => void ajout.demander({ parcelles: idus, tampon_m: metres })} />
            <h3 className="selection-titre">{t`Exporter`}</h3>
            <ExportButtons idus={idus} onDire={selection.dire} />
            <SelectionExtract idus={idus} onDire={selection.dire} onTravail={onTravail} />
          </section>
        )}
      </div>
    </Panel>
  );
}
