import { Label, RadioButton, RadioField, RadioGroup, Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { StyleSpecification } from 'maplibre-gl';
import type { Configuration } from '../api/types';
import { formatPourcent } from '../format/nombres';
import { Panel } from '../shell/Panel';
import { LayerGroups } from './LayerGroups';

/** Value of « no background » among the radios. */
const AUCUN = '';

interface Props {
  configuration: Configuration;
  style: StyleSpecification | undefined;
  styleId: string;
  couches: string[];
  fond: string | null;
  opacite: number;
  onStyle: (id: string) => void;
  onCouches: (couches: string[]) => void;
  onFond: (id: string | null) => void;
  onOpacite: (opacite: number) => void;
  onFermer: () => void;
}

/** What the map shows: its style, its layers with their legend, and a background. */
export function LayersPanel(props: Props) {
  const { configuration, style, styleId, couches, fond, opacite, onStyle, onCouches, onFond, onOpacite, onFermer } = props;
  const { t } = useLingui();

  return (
    <Panel id="couches" cote="droit" titre={t`Couches et légende`} nomFermer={t`Fermer les couches`} onFermer={onFermer} focus={1}>
        <RadioGroup className="choix segments" value={styleId} onChange={onStyle}>
          <Label className="choix-titre">{t`Style`}</Label>
          <div className="segments-liste">
            {configuration.styles.map((s) => (
              <RadioField key={s.id} value={s.id}>
<RadioButton className="segment">{s.libelle}</RadioButton>
</RadioField>
            ))}
          </div>
        </RadioGroup>
        {style ? <LayerGroups style={style} couches={couches} onCouches={onCouches} /> : null}
        {configuration.fonds.length > 0 ? (
          <>
            <RadioGroup
              className="choix"
              value={fond ?? AUCUN}
              onChange={(id) => {
                onFond(id === AUCUN ? null : id);
              }}
            >
              <Label className="choix-titre">{t`Fond de plan`}</Label>
              <RadioField value={AUCUN}>
<RadioButton className="radio">{t`Aucun`}</RadioButton>
</RadioField>
              {configuration.fonds.map((f) => (
                <RadioField key={f.id} value={f.id}>
<RadioButton className="radio">{f.libelle}</RadioButton>
</RadioField>
              ))}
            </RadioGroup>
            {fond ? (
              <Slider className="curseur" value={opacite} onChange={onOpacite} minValue={10} maxValue={100} step={5}>
                <div className="paire">
                  <Label>{t`Opacité du fond`}</Label>
                  <span className="nombre">{formatPourcent(opacite / 100)}</span>
                </div>
                <SliderTrack className="curseur-rail">
                  <SliderThumb className="curseur-bouton" />
                </SliderTrack>
              </Slider>
            ) : null}
          </>
        ) : null}
    </Panel>
  );
}
