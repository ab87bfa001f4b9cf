/** Pictures a style names: the SVG symbols of styles/symbols, and the hatching of buildings. */
import type { Map as MapLibre } from 'maplibre-gl';
import { SYMBOLES } from './symboles';

/** Drawn at twice their 24 px, for dense screens. */
const RATIO = 2;
const COTE = 24 * RATIO;

async function rasterize(url: string): Promise<ImageData> {
  const image = new Image(COTE, COTE);
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = COTE;
  canvas.height = COTE;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('canvas 2d');
  context.drawImage(image, 0, 0, COTE, COTE);
  return context.getImageData(0, 0, COTE, COTE);
}

/** Name a style gives to the hatching of solid buildings. */
const HACHURE = 'hachure-dur';

/** Thin slanted strokes, tileable. */
function hachure(): ImageData {
  const cote = 16;
  const data = new ImageData(cote, cote);
  for (let y = 0; y < cote; y += 1) {
    for (let x = 0; x < cote; x += 1) {
      if ((x + y) % 8 < 2) data.data.set([168, 112, 28, 150], (y * cote + x) * 4);
    }
  }
  return data;
}

/** Gives the map each picture when its style asks for it. */
export function fournirImages(map: MapLibre): void {
  map.setMissingStyleImageResolver(async (id) => {
    const url = SYMBOLES.get(id);
    const image = id === HACHURE ? hachure() : url ? await rasterize(url) : null;
    if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio: RATIO });
  });
}
