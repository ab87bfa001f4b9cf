/** Where a corner being set catches: the nearest corner, else side, of what the map shows. */
import type { Geometry, Position as Sommet } from 'geojson';
import type { Map as MapLibre } from 'maplibre-gl';
import { suitesDe } from './sommets';

/** Pixels around the pointer. */
const PORTEE = 12;

interface Pixel {
  x: number;
  y: number;
}

const carre = (a: Pixel, b: Pixel): number => (a.x - b.x) ** 2 + (a.y - b.y) ** 2;

/** The point of a segment nearest to `p`, on the screen. */
function projeterSur(p: Pixel, a: Pixel, b: Pixel): Pixel {
  const longueur = carre(a, b);
  if (longueur === 0) return a;
  const part = Math.min(1, Math.max(0, ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / longueur));
  return { x: a.x + part * (b.x - a.x), y: a.y + part * (b.y - a.y) };
}

/** The place to catch near a point of the screen among shapes; undefined when none is near enough. Corners win over sides. */
export function plusProche(
  at: Pixel,
  formes: readonly Geometry[],
  ecran: (lon: number, lat: number) => Pixel,
  lieu: (p: Pixel) => [number, number],
): [number, number] | undefined {
  let coin: { d: number; sommet: Sommet } | null = null;
  let cote: { d: number; pixel: Pixel } | null = null;
  for (const forme of formes) {
    for (const { sommets, ferme } of suitesDe(forme)) {
      const pixels = sommets.map(([lon = 0, lat = 0]) => ecran(lon, lat));
      for (const [i, pixel] of pixels.entries()) {
        const d = carre(at, pixel);
        const sommet = sommets[i];
        if (sommet && d <= PORTEE ** 2 && (coin === null || d < coin.d)) coin = { d, sommet };
        const suivant = pixels[i + 1] ?? (ferme ? pixels[0] : undefined);
        if (!suivant) continue;
        const sur = projeterSur(at, pixel, suivant);
        const e = carre(at, sur);
        if (e <= PORTEE ** 2 && (cote === null || e < cote.d)) cote = { d: e, pixel: sur };
      }
    }
  }
  if (coin !== null) {
    const [lon = 0, lat = 0] = coin.sommet;
    return [lon, lat];
  }
  return cote === null ? undefined : lieu(cote.pixel);
}

/** Layers of the plan that corners catch, beside the object's own. */
const COUCHES = ['parcelles-surface', 'batiments-durs', 'batiments-legers', 'objets-surfaces', 'objets-lignes', 'objets-points'];

/** What Terra Draw asks at each move of the pointer. */
export const accrocheur =
  (map: MapLibre) =>
  ({ containerX: x, containerY: y }: { containerX: number; containerY: number }): [number, number] | undefined => {
    const layers = COUCHES.filter((id) => map.getLayer(id));
    const trouves = map.queryRenderedFeatures([[x - PORTEE, y - PORTEE], [x + PORTEE, y + PORTEE]], { layers });
    return plusProche(
      { x, y },
      trouves.map((f) => f.geometry),
      (lon, lat) => map.project([lon, lat]),
      (p) => {
        const { lng, lat } = map.unproject([p.x, p.y]);
        return [lng, lat];
      },
    );
  };
