import { Button, ToggleButton } from 'react-aria-components';
import { msg } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';
import type { MessageDescriptor } from '@lingui/core';
import type { Forme } from '../draw/traceur';
import { IconeAnnuler } from '../shell/icones';
import type { OutilZone } from './useZone';
import { AdjustFields } from './AdjustFields';
import type { Reglage } from './useAjout';

const OUTILS: readonly { forme: Forme | null; nom: MessageDescriptor; aide: MessageDescriptor }[] = [
  {
    forme: null,
    nom: msg`Clic`,
    aide: msg`Cliquez sur une parcelle pour l’ajouter, de nouveau pour la retirer. Au clavier : flèches pour déplacer la carte, Entrée pour la parcelle du centre.`,
  },
  {
    forme: 'rectangle',
    nom: msg`Rectangle`,
    aide: msg`Cliquez deux coins opposés. Au clavier : Espace pose un coin au centre de la carte. Échap revient au clic.`,
  },
  {
    forme: 'polygone',
    nom: msg`Polygone`,
    aide: msg`Cliquez chaque coin, puis double-cliquez ou Entrée. Au clavier : Espace pose un coin au centre de la carte. Échap revient au clic.`,
  },
  {
    forme: 'ligne',
    nom: msg`Ligne`,
    aide: msg`Cliquez chaque point, puis double-cliquez ou Entrée. Au clavier : Espace pose un point au centre de la carte. Échap revient au clic.`,
  },
];

interface Props {
  forme: Forme | null;
  outil: OutilZone | null;
  reglage: Reglage;
  onForme: (forme: Forme | null) => void;
  onReglage: (reglage: Reglage) => void;
}

/** The gestures on the map that select. */
export function AddByMap({ forme, outil, reglage, onForme, onReglage }: Props) {
  const { t, i18n } = useLingui();
  const choisi = OUTILS.find((o) => o.forme === forme);
  return (
    <>
      <div className="segments-liste" role="group" aria-label={t`Geste sur la carte`}>
        {OUTILS.map((o) => (
          <ToggleButton key={o.forme ?? 'clic'} className="segment" isSelected={o.forme === forme} onChange={() => onForme(o.forme)}>
            {i18n._(o.nom)}
          </ToggleButton>
        ))}
      </div>
      <p className="discret aide">{choisi ? i18n._(choisi.aide) : null}</p>
      {forme === null ? null : (
        <>
          <AdjustFields reglage={reglage} onReglage={onReglage} />
          {forme === 'rectangle' ? null : (
            <div className="rangee">
              <Button className="bouton" onPress={() => outil?.annulerPoint()}>
                <IconeAnnuler />
                {t`Annuler le point`}
              </Button>
              <Button className="bouton" onPress={() => outil?.terminer()}>
                {t`Terminer le tracé`}
              </Button>
            </div>
          )}
        </>
      )}
    </>
  );
}
