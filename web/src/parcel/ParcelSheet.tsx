import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { Etendue, Parcelle } from '../api/types';
import { ParcelExtract } from '../extract/ParcelExtract';
import { IconeCadrer, IconeCopier, IconeLien, IconeSelection, IconeTexte } from '../shell/icones';
import { AddressList } from './AddressList';
import { AreaFacts } from './AreaFacts';
import { BuildingList } from './BuildingList';
import { CopyButton } from './CopyButton';
import { NeighbourList } from './NeighbourList';
import { OriginFacts } from './OriginFacts';

interface Props {
  parcelle: Parcelle;
  onCadrer: (etendue: Etendue) => void;
  choisie: boolean;
  onBasculer: (idu: string) => void;
  onVoisin: (idu: string) => void;
  onSurvolVoisin: (idu: string | null) => void;
}

/** Everything known of one parcel, the most asked first. */
export function ParcelSheet({ parcelle, choisie, onCadrer, onBasculer, onVoisin, onSurvolVoisin }: Props) {
  const { t } = useLingui();
  return (
    <>
      <ParcelExtract parcelle={parcelle} />
      <div className="fiche-actions">
        <Button
          className="bouton"
          onPress={() => {
            onCadrer(parcelle.etendue);
          }}
        >
          <IconeCadrer />
          {t`Zoomer`}
        </Button>
        <CopyButton nom={t`Copier la référence ${parcelle.reference}`} texte={() => parcelle.reference}>
          <IconeCopier />
          {t`Référence`}
        </CopyButton>
        <CopyButton nom={t`Copier le lien vers cette carte`} texte={() => location.href}>
          <IconeLien />
          {t`Lien`}
        </CopyButton>
        <Button className="bouton" onPress={() => onBasculer(parcelle.idu)}>
          <IconeSelection />
          {choisie ? t`Retirer de la sélection` : t`Ajouter à la sélection`}
        </Button>
        <a className="bouton" href={`/parcelle/${parcelle.idu}`}>
          <IconeTexte />
          {t`Fiche en texte`}
        </a>
      </div>
      <p className="fiche-idu">
        <span className="discret">{t`Identifiant`}</span> <code>{parcelle.idu}</code>
        <CopyButton className="bouton-nu" nom={t`Copier l’identifiant ${parcelle.idu}`} texte={() => parcelle.idu}>
          <IconeCopier />
        </CopyButton>
      </p>
      <AreaFacts parcelle={parcelle} />
      <AddressList adresses={parcelle.adresses} lieuxDits={parcelle.lieux_dits} />
      <BuildingList batiments={parcelle.batiments} emprise={parcelle.emprise_batie_m2} surface={parcelle.surface_m2} />
      <NeighbourList voisins={parcelle.voisins} onVoisin={onVoisin} onSurvol={onSurvolVoisin} />
      <OriginFacts parcelle={parcelle} />
    </>
  );
}
