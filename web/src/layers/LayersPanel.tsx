import { useEffect, useRef } from 'react';
import { Button, Label, Radio, RadioGroup, Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import type { StyleSpecification } from 'maplibre-gl';
import type { Configuration } from '../api/types';
import { formatPourcent } from '../format/nombres';
import { IconeCroix } from '../shell/icones';
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
  const titre = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    titre.current?.focus();
  }, []);

  return (
    <section
      className="panneau panneau-droit"
      id="couches"
      aria-labelledby="titre-couches"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onFermer();
      }}
    >
      <div className="panneau-entete">
        <h2 id="titre-couches" ref={titre} tabIndex={-1}>
          {t`Couches et légende`}
        </h2>
        <Button className="bouton-nu" aria-label={t`Fermer les couches`} onPress={onFermer}>
          <IconeCroix />
        </Button>
      </div>
      <div className="panneau-corps">
        <RadioGroup className="choix segments" value={styleId} onChange={onStyle}>
          <Label className="choix-titre">{t`Style`}</Label>
          <div className="segments-liste">
            {configuration.styles.map((s) => (
              <Radio key={s.id} value={s.id} className="segment">
                {s.libelle}
              </Radio>
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
              <Radio value={AUCUN} className="radio">
                {t`Aucun`}
              </Radio>
              {configuration.fonds.map((f) => (
                <Radio key={f.id} value={f.id} className="radio">
                  {f.libelle}
                </Radio>
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
      </div>
    </section>
  );
}
