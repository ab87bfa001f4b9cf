import { describe, expect, it } from 'vitest';
import { formatAire, formatContenance, formatDate, formatLongueur, formatOctets, formatPosition, formatSurface } from '../src/format/nombres';

const FINE = '\u202f';

describe('a contenance', () => {
  it.each([
    [0, `0${FINE}ca`],
    [45, `45${FINE}ca`],
    [100, `1${FINE}a 00${FINE}ca`],
    [345, `3${FINE}a 45${FINE}ca`],
    [120_345, `12${FINE}ha 03${FINE}a 45${FINE}ca`],
    [99_999_999, `9${FINE}999${FINE}ha 99${FINE}a 99${FINE}ca`],
  ])('of %i m² reads %s', (m2, text) => {
    expect(formatContenance(m2)).toBe(text);
  });

  it('always adds up to its square metres', () => {
    for (let m2 = 0; m2 < 250_000; m2 += 37) {
      const [ca = 0, a = 0, ha = 0] = formatContenance(m2).replaceAll(FINE, '').split(/[^0-9]+/).filter(Boolean).map(Number).reverse();
      expect(ha * 10_000 + a * 100 + ca).toBe(m2);
    }
  });
});

describe('French figures', () => {
  it('keep a narrow no-break space before the unit and between thousands', () => {
    expect(formatSurface(12_345.6)).toBe(`12${FINE}346${FINE}m²`);
    expect(formatSurface(61.17)).toBe(`61,2${FINE}m²`);
    expect(formatLongueur(9.84)).toBe(`9,8${FINE}m`);
    expect(formatLongueur(1250)).toBe(`1,25${FINE}km`);
    expect(formatAire(25_000)).toBe(`2,50${FINE}ha`);
  });

  it('name the hemispheres', () => {
    expect(formatPosition([-61.5, 16.25])).toBe('16,250000° N, 61,500000° O');
    expect(formatPosition([55.5, -21])).toBe('21,000000° S, 55,500000° E');
  });

  it('write civil dates whatever the time zone, and leave alone what is none', () => {
    expect(formatDate('2026-10-01')).toBe('1er octobre 2026');
    expect(formatDate('2014-03-11')).toBe('11 mars 2014');
    expect(formatDate('inconnue')).toBe('inconnue');
  });
});

it('weighs files in the unit the server says its bounds in', () => {
  expect([formatOctets(1), formatOctets(830 * 1024), formatOctets(20 * 1024 * 1024), formatOctets(12_897_485)]).toEqual(['1\u202fKio', '830\u202fKio', '20\u202fMio', '12,3\u202fMio']);
});
