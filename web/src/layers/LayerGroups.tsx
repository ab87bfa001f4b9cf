import { CheckboxButton, CheckboxField } from 'react-aria-components';
import type { StyleSpecification } from 'maplibre-gl';
import { SYMBOLES } from '../map/symboles';
import { basculerGroupe, groupesVisibles, readGroupes } from '../map/symbologie';
import { Swatch } from './swatch';

interface Props {
  style: StyleSpecification;
  couches: string[];
  onCouches: (couches: string[]) => void;
}

/** The layers of the plan by theme, each with its switch and its legend. */
export function LayerGroups({ style, couches, onCouches }: Props) {
  const groupes = readGroupes(style);
  const visibles = groupesVisibles(style, couches);
  const themes = [...new Set(groupes.map((g) => g.theme))];
  return (
    <>
      {themes.map((theme) => (
        <section key={theme} className="theme" aria-label={theme}>
          <h3>{theme}</h3>
          <ul>
            {groupes
              .filter((g) => g.theme === theme)
              .map((g) => (
                <li key={g.id} className="groupe">
                  <CheckboxField
                    isSelected={visibles.has(g.id)}
                    onChange={(visible) => {
                      onCouches(basculerGroupe(style, couches, g.id, visible));
                    }}
                  >
                    <CheckboxButton className="case">
                    <span className="case-boite" aria-hidden="true">
                      <svg viewBox="0 0 16 16" width="14" height="14">
                        <path d="m3.5 8.5 3 3 6-7" />
                      </svg>
                    </span>
                    {g.libelle}
                    </CheckboxButton>
                  </CheckboxField>
                  {visibles.has(g.id) ? (
                    <ul className="legende">
                      {g.legende.map((entree) => (
                        <li key={entree.libelle}>
                          <Swatch style={style} entree={entree} symbole={entree.icone ? (SYMBOLES.get(entree.icone) ?? null) : null} />
                          {entree.libelle}
                        </li>
                      ))}
                    </ul>
                  ) : null}
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}
