/** Backgrounds of the configuration, made into MapLibre sources and layers. */
import { addProtocol, type LayerSpecification } from 'maplibre-gl';
import type { Fond } from '../api/types';
import { SOURCE_FOND, type FondDessine } from './composer';

/** `tiles` says where the pictures are; an archive knows its own zooms, a service's are configured. */
function raster(fond: Fond, opacity: number, tiles: { tiles: string[]; minzoom: number; maxzoom: number } | { url: string }): FondDessine {
  return {
    source: { type: 'raster', ...tiles, tileSize: fond.taille, attribution: fond.attribution },
    layers: [
      { id: 'fond-image', type: 'raster', source: SOURCE_FOND, paint: { 'raster-opacity': opacity, 'raster-fade-duration': 0 } },
    ],
  };
}

/** Any vector archive, drawn in greys: its own style is not known, its shapes are enough to find one's way. */
function vecteur(fond: Fond, url: string, noms: string[], opacity: number): FondDessine {
  const layers = noms.flatMap<LayerSpecification>((nom) => [
    {
      id: `fond-${nom}-surface`,
      type: 'fill',
      source: SOURCE_FOND,
      'source-layer': nom,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': '#dfe3e4', 'fill-opacity': opacity * 0.5 },
    },
    {
      id: `fond-${nom}-ligne`,
      type: 'line',
      source: SOURCE_FOND,
      'source-layer': nom,
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': '#aab2b5', 'line-opacity': opacity },
    },
  ]);
  return { source: { type: 'vector', url, attribution: fond.attribution }, layers };
}

interface Archive {
  url: string;
  /** Names of the vector layers; null when the archive holds pictures. */
  couches: string[] | null;
}

const archives = new Map<string, Promise<Archive>>();
let protocole: Promise<typeof import('pmtiles')> | null = null;

async function openArchive(adresse: string): Promise<Archive> {
  protocole ??= import('pmtiles').then((pmtiles) => {
    addProtocol('pmtiles', new pmtiles.Protocol().tile);
    return pmtiles;
  });
  const { PMTiles, TileType } = await protocole;
  const absolue = new URL(adresse.replace(/^pmtiles:\/\//, ''), location.origin).href;
  const archive = new PMTiles(absolue);
  const { tileType } = await archive.getHeader();
  const url = `pmtiles://${absolue}`;
  if (tileType !== TileType.Mvt) return { url, couches: null };
  const { vector_layers } = (await archive.getMetadata()) as { vector_layers?: { id: string }[] };
  return { url, couches: (vector_layers ?? []).map((l) => l.id) };
}

/** The source and layers of a background; rejects when its archive cannot be read. */
export async function dessinerFond(fond: Fond, opacite: number): Promise<FondDessine> {
  const opacity = opacite / 100;
  if (fond.genre === 'raster') {
    return raster(fond, opacity, { tiles: fond.tuiles, minzoom: fond.zoom_min, maxzoom: fond.zoom_max });
  }
  const adresse = fond.tuiles[0] ?? '';
  let archive = archives.get(adresse);
  if (!archive) {
    archive = openArchive(adresse);
    archives.set(adresse, archive);
    // A failure is not kept: the next choice of this background tries again.
    archive.catch(() => archives.delete(adresse));
  }
  const { url, couches } = await archive;
  return couches === null ? raster(fond, opacity, { url }) : vecteur(fond, url, couches, opacity);
}
