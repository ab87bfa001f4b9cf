import { describe, expect, it } from 'vitest';
import { projeter } from '../src/coordinates/projections';
import { legalOf, systemeOf, zoneOf } from '../src/coordinates/systemes';

/** EPSG code, longitude, latitude, and the easting and northing PROJ 9 gives (cs2cs, « EPSG:4326 » to that code). */
const TEMOINS: [srid: number, lon: number, lat: number, est: number, nord: number][] = [
  [2154, 3, 46.5, 700000.0, 6600000.0],
  [2154, -4.4, 48.4, 153078.5295, 6836724.7818],
  [2154, 7.75, 48.58, 1050163.9436, 6841622.7155],
  [2154, 9.2, 42.1, 1213338.7154, 6131231.8471],
  [2154, 4.63, 43.68, 831460.7996, 6288130.6902],
  [2972, -52.33, 4.93, 352535.0376, 545073.7193],
  [2975, 55.45, -20.88, 338767.1674, 7690355.5724],
  [3942, 9.2, 41.6, 2216396.0724, 1174279.7025],
  [3942, 8.7, 42.3, 2169643.872, 1248957.9335],
  [3943, 2.35, 42.6, 1646659.6454, 2155774.2485],
  [3943, 6.1, 43.45, 1950853.8172, 2254618.8147],
  [3944, 2.35, 43.6, 1647520.7433, 3155766.8881],
  [3944, 6.1, 44.45, 1946680.6426, 3254635.1059],
  [3945, 2.35, 44.6, 1648397.9225, 4155759.2639],
  [3945, 6.1, 45.45, 1942431.9132, 4254645.7153],
  [3946, 2.35, 45.6, 1649290.9217, 5155751.385],
  [3946, 6.1, 46.45, 1938108.9007, 5254650.629],
  [3947, 2.35, 46.6, 1650199.4741, 6155743.2611],
  [3947, 6.1, 47.45, 1933712.9006, 6254649.8399],
  [3948, 2.35, 47.6, 1651123.3083, 7155734.9021],
  [3948, 6.1, 48.45, 1929245.232, 7254643.3483],
  [3949, 2.35, 48.6, 1652062.1477, 8155726.3179],
  [3949, 6.1, 49.45, 1924707.2369, 8254631.1609],
  [3950, 2.35, 49.6, 1653015.7108, 9155717.5192],
  [3950, 6.1, 50.45, 1920100.2804, 9254613.2918],
  [4467, -56.17, 46.78, 563359.638, 5181051.2208],
  [4471, 45.22, -12.78, 523877.9921, 8587182.904],
  [5490, -61.55, 16.24, 654965.2886, 1796031.6007],
  [5490, -61.0, 14.6, 715447.8753, 1615033.1189],
];

const CENTIMETRE = 0.01;

describe('projected coordinates', () => {
  it.each(TEMOINS)('in %i, of %f %f, agree with PROJ to a centimetre', (srid, lon, lat, est, nord) => {
    const [x, y] = projeter([lon, lat], srid) ?? [NaN, NaN];
    expect(Math.abs(x - est)).toBeLessThan(CENTIMETRE);
    expect(Math.abs(y - nord)).toBeLessThan(CENTIMETRE);
  });

  it('are not made up for a system of elsewhere', () => {
    expect(projeter([3, 46], 27700)).toBeNull();
  });
});

describe('the system of a place', () => {
  it.each([[41.4, 3942], [42.49, 3942], [42.51, 3943], [43.68, 3944], [46, 3946], [49.6, 3950], [51, 3950]])('at %f° is the zone of the nearest parallel', (lat, srid) => {
    expect(zoneOf([3, lat])?.srid).toBe(srid);
  });

  it.each([
    [2.35, 48.85, 2154], [9.1, 42, 2154], [-61.55, 16.24, 5490], [-52.33, 4.93, 2972], [55.45, -20.88, 2975], [45.22, -12.78, 4471], [-56.17, 46.78, 4467],
  ])('at %f %f is the legal one', (lon, lat, srid) => {
    expect(legalOf([lon, lat])?.srid).toBe(srid);
  });

  it('is none far from France, and no conformal zone overseas', () => {
    expect(systemeOf('legal', [30, 10])).toBeNull();
    expect(systemeOf('cc', [55.45, -20.88])).toBeNull();
    expect(systemeOf('wgs84', [30, 10])?.srid).toBe(4326);
  });
});
