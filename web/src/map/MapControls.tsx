import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { IconeEtendue, IconeMoins, IconeNord, IconePlus } from '../shell/icones';

interface Props {
  onZoom: (pas: 1 | -1) => void;
  onNord: () => void;
  onEtendue: () => void;
}

/** Zoom, north and whole extent, for pointer and keyboard alike. */
export function MapControls({ onZoom, onNord, onEtendue }: Props) {
  const { t } = useLingui();
  return (
    <div className="commandes" role="group" aria-label={t`Déplacement de la carte`}>
      <Button className="commande" aria-label={t`Zoomer`} onPress={() => { onZoom(1); }}>
        <IconePlus />
      </Button>
      <Button className="commande" aria-label={t`Dézoomer`} onPress={() => { onZoom(-1); }}>
        <IconeMoins />
      </Button>
      <Button className="commande" aria-label={t`Remettre le nord en haut`} onPress={onNord}>
        <IconeNord />
      </Button>
      <Button className="commande" aria-label={t`Voir toute l’étendue importée`} onPress={onEtendue}>
        <IconeEtendue />
      </Button>
    </div>
  );
}
