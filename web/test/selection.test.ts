import { describe, expect, it } from 'vitest';
import { MAX_PARCELLES, ranger, readSelection, writeSelection } from '../src/url/selection';

/** A sequence that is the same at each run (Park and Miller). */
function hasard(graine: number): (n: number) => number {
  let etat = graine;
  return (n) => {
    etat = (etat * 48_271) % 2_147_483_647;
    return etat % n;
  };
}

const COMMUNES = ['99101', '99102', '2A004', '2B033', '97411', '01004'];
const PREFIXES = ['000', '000', '000', '217'];
const SECTIONS = ['AB', 'AC', '0A', 'ZC', '12', 'A0'];

function tirage(graine: number): string[] {
  const n = hasard(graine);
  const one = <T>(list: readonly T[]): T => list[n(list.length)] as T;
  return Array.from({ length: n(200) }, () => one(COMMUNES) + one(PREFIXES) + one(SECTIONS) + String(n(graine % 2 ? 60 : 10_000)).padStart(4, '0'));
}

describe('a selection in the address', () => {
  it('gives back what it was made from, whatever that is', () => {
    for (let graine = 1; graine <= 300; graine += 1) {
      const idus = tirage(graine);
      expect(readSelection(writeSelection(idus))).toEqual(ranger(idus));
      expect(writeSelection(readSelection(writeSelection(idus)))).toBe(writeSelection(idus));
    }
  });

  it('needs no escaping', () => {
    for (let graine = 1; graine <= 50; graine += 1) {
      const text = writeSelection(tirage(graine));
      expect(encodeURIComponent(text).replaceAll('%2C', ',')).toBe(text);
    }
  });

  it('is short: runs are ranges, a commune is said once', () => {
    expect(writeSelection(['99101000AB0014', '99101000AB0012', '99101000AB0013', '99101000AB0018', '99101000AC0003', '99102000ZC0001'])).toBe(
      '99101000AB~12-14,18.AC~3.99102000ZC~1',
    );
    const section = Array.from({ length: 5000 }, (_, i) => `99101000AB${String(i + 1).padStart(4, '0')}`);
    expect(writeSelection(section)).toBe('99101000AB~1-5000');
  });

  it('stops at the bound, and leaves out what says nothing', () => {
    expect(readSelection('99101000AB~1-9999')).toHaveLength(MAX_PARCELLES);
    expect(readSelection('99101000AB~1-9999.AC~1-9999')).toHaveLength(MAX_PARCELLES);
    expect(readSelection('AB~1')).toEqual([]);
    expect(readSelection('99101000AB~x,3,7-2,,12345.??~4.AC~8')).toEqual(['99101000AB0003', '99101000AC0008']);
    expect(readSelection('99101000ab~2')).toEqual(['99101000AB0002']);
    expect(readSelection('')).toEqual([]);
    expect(ranger(['', 'x', '99101000AB00012', '99101000AB0001', '99101000AB0001'])).toEqual(['99101000AB0001']);
  });
});
