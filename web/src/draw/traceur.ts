/** Draws a shape on the map with Terra Draw; knows nothing of panels and addresses. */
import type { Map as MapLibre } from 'maplibre-gl';
import {
  TerraDraw,
  TerraDrawLineStringMode,
  TerraDrawModeUndoRedo,
  TerraDrawPointMode,
  TerraDrawPolygonMode,
  TerraDrawRectangleMode,
  TerraDrawUndoRedoKeyboardShortcuts,
  type GeoJSONStoreFeatures,
} from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import type { Position } from '../api/types';

export type Forme = 'point' | 'ligne' | 'polygone' | 'rectangle';

/** A drawn shape: its corners in order, those of an area not closed. */
export interface Trace {
  forme: Forme;
  points: Position[];
}

const BLANC = '#ffffff';
/** Decimals of a degree kept: a centimetre, and what Terra Draw checks added shapes against. */
const PRECISION = 7;

/**
 * The double click that ends a shape goes on after it: only once it is over may the map
 * choose parcels and zoom by double click again.
 */
const REPIT_MS = 300;

const MODES: Record<Forme, string> = { point: 'point', ligne: 'linestring', polygone: 'polygon', rectangle: 'rectangle' };

const stylePoints = (encre: `#${string}`) =>
  ({
    coordinatePointColor: BLANC,
    coordinatePointOutlineColor: encre,
    coordinatePointWidth: 4,
    coordinatePointOutlineWidth: 2,
    closingPointColor: encre,
    closingPointOutlineColor: BLANC,
    closingPointWidth: 5,
  }) as const;

function readTrace({ geometry, properties }: GeoJSONStoreFeatures): Trace | null {
  // The corners of what is being drawn are points too.
  if (geometry.type === 'Point') return properties.mode === MODES.point ? { forme: 'point', points: [geometry.coordinates as Position] } : null;
  if (geometry.type === 'LineString') return { forme: 'ligne', points: geometry.coordinates as Position[] };
  const forme = properties.mode === MODES.rectangle ? 'rectangle' : 'polygone';
  return { forme, points: (geometry.coordinates[0] as Position[]).slice(0, -1) };
}

const arrondi = ([lon, lat]: Position): Position => [Number(lon.toFixed(PRECISION)), Number(lat.toFixed(PRECISION))];

export interface Ecoute {
  /** Each time the drawn shape changes, its last corner being the pointer's place. */
  onTrace: (trace: Trace | null) => void;
  onFin: (trace: Trace) => void;
}

export class Traceur {
  private readonly draw: TerraDraw;
  private readonly map: MapLibre;

  /** `nom` tells the layers of two drawings of one map apart; `encre` is their colour. */
  constructor(map: MapLibre, nom: string, encre: `#${string}`, { onTrace, onFin }: Ecoute) {
    this.map = map;
    const points = stylePoints(encre);
    const aire = { fillColor: encre, fillOpacity: 0.14, outlineColor: encre, outlineWidth: 3 } as const;
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: PRECISION, prefixId: `td-${nom}` }),
      modes: [
        new TerraDrawPointMode({
          styles: { pointColor: encre, pointOutlineColor: BLANC, pointWidth: 7, pointOutlineWidth: 2 },
        }),
        new TerraDrawLineStringMode({
          keyEvents: { finish: 'Enter', cancel: null },
          showCoordinatePoints: true,
          styles: { lineStringColor: encre, lineStringWidth: 3, ...points },
        }),
        new TerraDrawPolygonMode({
          keyEvents: { finish: 'Enter', cancel: null },
          showCoordinatePoints: true,
          styles: { ...aire, ...points },
        }),
        new TerraDrawRectangleMode({ keyEvents: { finish: 'Enter', cancel: null }, styles: aire }),
      ],
      undoRedo: { modeLevel: new TerraDrawModeUndoRedo(), keyboardShortcuts: new TerraDrawUndoRedoKeyboardShortcuts() },
    });
    this.draw.start();
    this.draw.on('change', () => {
      onTrace(this.lireTrace());
    });
    this.draw.on('finish', (id) => {
      const feature = this.draw.getSnapshotFeature(id);
      const trace = feature && readTrace(feature);
      if (!trace) return;
      setTimeout(() => {
        onFin({ ...trace, points: trace.points.map(arrondi) });
      }, REPIT_MS);
    });
  }

  private lireTrace(): Trace | null {
    for (const feature of this.draw.getSnapshot()) {
      const trace = readTrace(feature);
      if (trace) return trace;
    }
    return null;
  }

  commencer(forme: Forme): void {
    this.draw.clear();
    this.draw.setMode(MODES[forme]);
  }

  /** Shows a finished shape, that nobody draws on any more. */
  montrer({ forme, points: corners }: Trace): void {
    this.draw.setMode('static');
    this.draw.clear();
    const coordinates = corners.map(arrondi);
    const [first] = coordinates;
    if (!first) return;
    this.draw.addFeatures([
      {
        type: 'Feature',
        properties: { mode: MODES[forme] },
        geometry:
          forme === 'point'
            ? { type: 'Point', coordinates: first }
            : forme === 'ligne'
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
