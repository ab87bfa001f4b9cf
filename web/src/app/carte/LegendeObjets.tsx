import { useState } from 'react';
import { useLingui } from '@lingui/react/macro';
import type { StyleSpecification } from 'maplibre-gl';
import { Swatch } from '../../layers/swatch';
import { SYMBOLES } from '../../map/symboles';
import { groupesVisibles } from '../../map/symbologie';
import { legendeObjets } from './couche';

interface Props {
  /** The style drawn, from which samples take their colours. */
  style: StyleSpecification;
  /** The object's own style; null where it could not be had. */
  propre: StyleSpecification | null;
  /** The reader's own choice of layers. */
  choix: readonly string[];
  /** Other styles that the layer may be drawn in, and the one chosen; null for its first. */
  styles?: readonly { id: string; libelle: string }[];
  teinte?: string | null;
  onTeinte?: (id: string | null) => void;
}

/** What the colours of the list's rows mean; nothing where all have the same, or are hidden. */
export function LegendeObjets({ style, propre, choix, styles = [], teinte = null, onTeinte }: Props) {
  const { t } = useLingui();
  const entrees = legendeObjets(propre);
  // On a narrow screen it would cover the map: it waits folded.
  const [large] = useState(() => matchMedia('(width >= 48rem)').matches);
  if (entrees.length < 2 || !groupesVisibles(style, choix).has('objets')) return null;
  return (
    <details className="legende-objets" open={large}>
      <summary>{t`Légende`}</summary>
      {styles.length > 0 && onTeinte ? (
        <select className="saisie" aria-label={t`Couleurs de la carte`} value={teinte ?? ''} onChange={(event) => onTeinte(event.target.value === '' ? null : event.target.value)}>
          <option value="">{t`Par état`}</option>
          {styles.map((s) => (
            <option key={s.id} value={s.id}>
              {s.libelle}
            </option>
          ))}
        </select>
      ) : null}
      <ul>
        {entrees.map((entree) => (
          <li key={entree.libelle}>
            <Swatch style={style} entree={entree} symbole={entree.icone ? (SYMBOLES.get(entree.icone) ?? null) : null} />
            {entree.libelle}
          </li>
        ))}
      </ul>
    </details>
  );
}
