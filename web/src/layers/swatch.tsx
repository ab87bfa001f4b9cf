/** Legend samples, drawn from the style's own paint so that they can never say something else. */
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { EntreeLegende } from '../map/symbologie';

const GRIS = '#888888';

/** A colour of a paint property; the last colour of an expression, since it is the plain case. */
function couleur(paint: Record<string, unknown>, name: string): string | null {
  const value = paint[name];
  if (typeof value === 'string') return value;
  const found = JSON.stringify(value ?? null).match(/#[0-9a-fA-F]{6}\b/g);
  return found?.at(-1) ?? null;
}

/** A number of a paint property at a middle zoom. */
function nombre(paint: Record<string, unknown>, name: string, otherwise: number): number {
  const value = paint[name];
  if (typeof value === 'number') return value;
  if (Array.isArray(value) && typeof value.at(-1) === 'number') return value.at(-1) as number;
  return otherwise;
}

function tirets(paint: Record<string, unknown>, width: number): string | undefined {
  const value = paint['line-dasharray'];
  return Array.isArray(value) ? value.map((n) => String(Number(n) * width)).join(' ') : undefined;
}

interface Props {
  style: StyleSpecification;
  entree: EntreeLegende;
  symbole: string | null;
}

export function Swatch({ style, entree, symbole }: Props) {
  const layer: LayerSpecification | undefined = style.layers.find((l) => l.id === entree.couche);
  if (symbole) return <img className="echantillon" src={symbole} alt="" width="22" height="22" />;
  if (!layer) return <span className="echantillon" />;
  const paint = (layer.paint ?? {}) as Record<string, unknown>;
  if (layer.type === 'symbol') {
    const fonts = (layer.layout?.['text-font'] ?? []) as string[];
    return (
      <svg className="echantillon" viewBox="0 0 30 20" width="30" height="20" aria-hidden="true">
        <text
          x="15"
          y="14.5"
          textAnchor="middle"
          fontSize="12"
          fill={couleur(paint, 'text-color') ?? GRIS}
          fontStyle={/italic/i.test(fonts[0] ?? '') ? 'italic' : 'normal'}
          fontWeight={/bold/i.test(fonts[0] ?? '') ? 700 : 400}
        >
          {entree.texte}
        </text>
      </svg>
    );
  }
  if (layer.type === 'circle') {
    return (
      <svg className="echantillon" viewBox="0 0 30 20" width="30" height="20" aria-hidden="true">
        <circle cx="15" cy="10" r="6" fill={entree.couleur ?? couleur(paint, 'circle-color') ?? GRIS} stroke={couleur(paint, 'circle-stroke-color') ?? '#ffffff'} strokeWidth="1.5" />
      </svg>
    );
  }
  if (layer.type === 'fill') {
    const edge = style.layers.find((l) => l.type === 'line' && l.id === `${layer.id}-bord`);
    const edgePaint = (edge?.paint ?? {}) as Record<string, unknown>;
    const hatched = style.layers.some((l) => l.id === `${layer.id}-hachures`);
    return (
      <svg className="echantillon" viewBox="0 0 30 20" width="30" height="20" aria-hidden="true">
        <rect
          x="3"
          y="3"
          width="24"
          height="14"
          fill={entree.couleur ?? couleur(paint, 'fill-color') ?? GRIS}
          stroke={entree.couleur ?? couleur(edgePaint, 'line-color') ?? couleur(paint, 'fill-outline-color') ?? '#b5b0a8'}
          strokeDasharray={tirets(edgePaint, 1)}
        />
        {hatched ? <path d="M5 17 19 3M11 17 25 3M17 17 27 7M3 13 13 3" stroke={couleur(edgePaint, 'line-color') ?? GRIS} strokeOpacity="0.5" /> : null}
      </svg>
    );
  }
  const width = Math.min(nombre(paint, 'line-width', 1.5), 2.4);
  const halo = style.layers.find((l) => l.type === 'line' && l.id !== layer.id && l.id === layer.id.replace(/-limites$/, '-halo'));
  const haloPaint = (halo?.paint ?? {}) as Record<string, unknown>;
  return (
    <svg className="echantillon" viewBox="0 0 30 20" width="30" height="20" aria-hidden="true">
      {halo ? <path d="M1 10h28" stroke={couleur(haloPaint, 'line-color') ?? GRIS} strokeWidth="8" /> : null}
      <path
        d="M1 10h28"
        stroke={entree.couleur ?? couleur(paint, 'line-color') ?? GRIS}
        strokeWidth={width}
        strokeDasharray={tirets(paint, width)}
        strokeLinecap={(layer.layout as { 'line-cap'?: 'round' } | undefined)?.['line-cap'] ?? 'butt'}
      />
    </svg>
  );
}
