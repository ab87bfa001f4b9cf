/** Draws a shape or moves its corners on the map with Terra Draw; knows nothing of forms. */
import type { Geometry } from 'geojson';
import type { Map as MapLibre } from 'maplibre-gl';
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode, type GeoJSONStoreFeatures, type GeoJSONStoreGeometries } from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import { accrocheur } from './accrocher';
import type { FormeDessinee } from './edition';

const ENCRE = '#c2410c';
const BLANC = '#ffffff';
/** Decimals of a degree kept: a centimetre, and what Terra Draw checks added shapes against. */
const PRECISION = 7;
const MODES: Record<FormeDessinee, string> = { Point: 'point', LineString: 'linestring', Polygon: 'polygon' };
/** The double click that ends a shape goes on after it: the map must not zoom by it. */
const REPIT_MS = 300;

const arrondir = <T>(coordonnees: T): T =>
  (Array.isArray(coordonnees) ? coordonnees.map((c: unknown) => arrondir(c)) : typeof coordonnees === 'number' ? Number(coordonnees.toFixed(PRECISION)) : coordonnees) as T;

const sansArrondi = (g: GeoJSONStoreGeometries): Geometry => ({ type: g.type, coordinates: arrondir(g.coordinates) }) as Geometry;

export class Editeur {
  private readonly draw: TerraDraw;
  private readonly map: MapLibre;
  private readonly dire: (geometrie: Geometry) => void;

  /** `dire` is told the shape each time a gesture ends. */
  constructor(map: MapLibre, dire: (geometrie: Geometry) => void) {
    this.map = map;
    this.dire = dire;
    const snapping = { toCustom: accrocheur(map) };
    const coins = { coordinatePointColor: BLANC, coordinatePointOutlineColor: ENCRE, coordinatePointWidth: 4, coordinatePointOutlineWidth: 2 } as const;
    const bouge = { feature: { draggable: false, coordinates: { draggable: true, midpoints: true, deletable: true, snappable: snapping } } };
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: PRECISION, prefixId: 'td-saisie' }),
      modes: [
        new TerraDrawPointMode({ styles: { pointColor: ENCRE, pointOutlineColor: BLANC, pointWidth: 8, pointOutlineWidth: 2 } }),
        new TerraDrawLineStringMode({
          snapping,
          keyEvents: { finish: 'Enter', cancel: null },
          showCoordinatePoints: true,
          styles: { lineStringColor: ENCRE, lineStringWidth: 3, ...coins },
        }),
        new TerraDrawPolygonMode({
          snapping,
          keyEvents: { finish: 'Enter', cancel: null },
          showCoordinatePoints: true,
          styles: { fillColor: ENCRE, fillOpacity: 0.16, outlineColor: ENCRE, outlineWidth: 3, closingPointColor: ENCRE, closingPointOutlineColor: BLANC, closingPointWidth: 5, ...coins },
        }),
        new TerraDrawSelectMode({
          allowManualDeselection: false,
          flags: { point: { feature: { draggable: true } }, linestring: bouge, polygon: bouge },
          styles: {
            selectedPointColor: ENCRE,
            selectedPointOutlineColor: BLANC,
            selectedPointWidth: 8,
            selectedLineStringColor: ENCRE,
            selectedLineStringWidth: 3,
            selectedPolygonColor: ENCRE,
            selectedPolygonFillOpacity: 0.16,
            selectedPolygonOutlineColor: ENCRE,
            selectedPolygonOutlineWidth: 3,
            selectionPointColor: BLANC,
            selectionPointOutlineColor: ENCRE,
            selectionPointWidth: 6,
            midPointColor: ENCRE,
            midPointOutlineColor: BLANC,
            midPointWidth: 4,
          },
        }),
      ],
    });
    this.draw.start();
    this.draw.on('finish', (id, { action }) => {
      const feature = this.draw.getSnapshotFeature(id);
      if (!feature) return;
      const geometrie = sansArrondi(feature.geometry);
      if (action === 'draw') setTimeout(() => this.dire(geometrie), REPIT_MS);
      else this.dire(geometrie);
    });
  }

  /** Waits for a new shape; the one there is goes. */
  dessiner(forme: FormeDessinee): void {
    this.draw.clear();
    this.draw.setMode(MODES[forme]);
  }

  /** Shows a simple shape, its corners ready to be moved. */
  modifier(geometrie: Geometry): void {
    this.draw.setMode('select');
    this.draw.clear();
    if (geometrie.type !== 'Point' && geometrie.type !== 'LineString' && geometrie.type !== 'Polygon') return;
    const feature: GeoJSONStoreFeatures = {
      type: 'Feature',
      properties: { mode: MODES[geometrie.type] },
      geometry: { ...geometrie, coordinates: arrondir(geometrie.coordinates) } as GeoJSONStoreGeometries,
    };
    const [ajout] = this.draw.addFeatures([feature]);
    if (ajout?.valid && ajout.id !== undefined) this.draw.selectFeature(ajout.id);
  }

  effacer(): void {
    if (!this.draw.enabled) return;
    this.draw.setMode('static');
    this.draw.clear();
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
    if (this.draw.enabled) this.draw.stop();
  }
}
