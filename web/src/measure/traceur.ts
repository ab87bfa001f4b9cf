/** Draws a measure on the map with Terra Draw; knows nothing of panels and addresses. */
import type { Map as MapLibre } from 'maplibre-gl';
import {
  TerraDraw,
  TerraDrawLineStringMode,
  TerraDrawModeUndoRedo,
  TerraDrawPolygonMode,
  TerraDrawUndoRedoKeyboardShortcuts,
  type GeoJSONStoreFeatures,
} from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import type { GenreMesure, Mesure, Position } from '../url/state';

const ENCRE = '#0b4f8a';
const BLANC = '#ffffff';
/** Decimals of a degree kept: a centimetre, and what Terra Draw checks added shapes against. */
const PRECISION = 7;

/**
 * The double click that ends a shape goes on after it: only once it is over may the map
 * choose parcels and zoom by double click again.
 */
const REPIT_MS = 300;

const MODES: Record<GenreMesure, string> = { distance: 'linestring', surface: 'polygon' };

const points = {
  coordinatePointColor: BLANC,
  coordinatePointOutlineColor: ENCRE,
  coordinatePointWidth: 4,
  coordinatePointOutlineWidth: 2,
  closingPointColor: ENCRE,
  closingPointOutlineColor: BLANC,
  closingPointWidth: 5,
} as const;

function readTrace({ geometry }: GeoJSONStoreFeatures): Mesure | null {
  if (geometry.type === 'LineString') return { genre: 'distance', points: geometry.coordinates as Position[] };
  if (geometry.type !== 'Polygon') return null;
  return { genre: 'surface', points: (geometry.coordinates[0] as Position[]).slice(0, -1) };
}

const arrondi = ([lon, lat]: Position): Position => [Number(lon.toFixed(PRECISION)), Number(lat.toFixed(PRECISION))];

export interface Ecoute {
  /** Each time the drawn shape changes, its last corner being the pointer's place. */
  onTrace: (mesure: Mesure | null) => void;
  onFin: (mesure: Mesure) => void;
}

export class Traceur {
  private readonly draw: TerraDraw;
  private readonly map: MapLibre;

  constructor(map: MapLibre, { onTrace, onFin }: Ecoute) {
    this.map = map;
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: PRECISION }),
      modes: [
        new TerraDrawLineStringMode({
          keyEvents: { finish: 'Enter', cancel: null },
          showCoordinatePoints: true,
          styles: { lineStringColor: ENCRE, lineStringWidth: 3, ...points },
        }),
        new TerraDrawPolygonMode({
          keyEvents: { finish: 'Enter', cancel: null },
          showCoordinatePoints: true,
          styles: { fillColor: ENCRE, fillOpacity: 0.14, outlineColor: ENCRE, outlineWidth: 3, ...points },
        }),
      ],
      undoRedo: { modeLevel: new TerraDrawModeUndoRedo(), keyboardShortcuts: new TerraDrawUndoRedoKeyboardShortcuts() },
    });
    this.draw.start();
    this.draw.on('change', () => {
      onTrace(this.lireTrace());
    });
    this.draw.on('finish', (id) => {
      const feature = this.draw.getSnapshotFeature(id);
      const mesure = feature && readTrace(feature);
      if (!mesure) return;
      setTimeout(() => {
        onFin({ ...mesure, points: mesure.points.map(arrondi) });
      }, REPIT_MS);
    });
  }

  private lireTrace(): Mesure | null {
    for (const feature of this.draw.getSnapshot()) {
      const mesure = readTrace(feature);
      if (mesure) return mesure;
    }
    return null;
  }

  commencer(genre: GenreMesure): void {
    this.draw.clear();
    this.draw.setMode(MODES[genre]);
  }

  /** Shows a finished measure, that nobody draws on any more. */
  montrer({ genre, points: corners }: Mesure): void {
    this.draw.setMode('static');
    this.draw.clear();
    const coordinates = corners.map(arrondi);
    const [first] = coordinates;
    if (!first) return;
    this.draw.addFeatures([
      {
        type: 'Feature',
        properties: { mode: MODES[genre] },
        geometry:
          genre === 'distance'
            ? { type: 'LineString', coordinates }
            : { type: 'Polygon', coordinates: [[...coordinates, first]] },
      },
    ]);
  }

  effacer(): void {
    if (!this.draw.enabled) return;
    this.draw.setMode('static');
    this.draw.clear();
  }

  annulerPoint(): void {
    if (this.draw.canUndo()) this.draw.undo();
  }

  /** Ends the shape as the Enter key does. */
  terminer(): void {
    this.map.getCanvas().dispatchEvent(new KeyboardEvent('keyup', { key: 'Enter', bubbles: true }));
  }

  /** Sets a corner at the centre of the map, for who draws without a pointer. */
  poserAuCentre(): void {
    const canvas = this.map.getCanvas();
    const box = canvas.getBoundingClientRect();
    const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2, isPrimary: true, bubbles: true, pointerType: 'mouse' };
    canvas.dispatchEvent(new PointerEvent('pointermove', at));
    canvas.dispatchEvent(new PointerEvent('pointerdown', { ...at, button: 0, buttons: 1 }));
    canvas.dispatchEvent(new PointerEvent('pointerup', { ...at, button: 0 }));
  }

  fermer(): void {
    if (!this.draw.enabled) return;
    this.draw.stop();
  }
}
