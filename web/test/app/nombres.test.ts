import { describe, expect, it } from 'vitest';
import { ecrireMontant, ecrireNombre, lireNombre } from '../../src/app/saisie/nombres';

describe('a number typed in French', () => {
  it.each([
    ['12', 0, '12'], ['1 234', 0, '1234'], ['1\u202f234\u00a0567', 0, '1234567'], ['12,5', 2, '12.5'], ['12.50', 2, '12.50'],
    ['−3,10', 2, '-3.10'], ['-0', 2, '0'], ['007', 0, '7'], ['12,500', 2, '12.5'], ['15,00 €', 2, '15.00'], ['+4', 0, '4'],
    ['0,05', 2, '0.05'], ['123456789012345678', 0, '123456789012345678'],
  ])('%s is read', (texte, decimales, valeur) => {
    expect(lireNombre(texte, decimales)).toEqual({ ok: true, valeur });
  });

  it('nothing is no number', () => {
    expect(lireNombre('  ', 2)).toEqual({ ok: true, valeur: null });
  });

  it.each([
    ['douze', 2, 'forme'], ['1,2,3', 2, 'forme'], ['1e5', 2, 'forme'], ['12,', 2, 'forme'], [',5', 2, 'forme'], ['0x10', 0, 'forme'],
    ['12,345', 2, 'decimales'], ['1,5', 0, 'decimales'], ['1234567890123456789', 0, 'grand'],
  ])('%s is refused', (texte, decimales, defaut) => {
    expect(lireNombre(texte, decimales)).toEqual({ ok: false, defaut });
  });

  it('is written back exactly, and read again the same', () => {
    expect(ecrireNombre('1234567.50')).toBe('1\u202f234\u202f567,50');
    expect(ecrireNombre('-12')).toBe('−12');
    expect(ecrireNombre('999')).toBe('999');
    expect(ecrireNombre('abc')).toBe('abc');
    expect(ecrireMontant('1250')).toBe('1\u202f250,00\u202f€');
    expect(ecrireMontant('12.5')).toBe('12,50\u202f€');
    for (const valeur of ['0', '-0.05', '123456789012345.123456789012']) {
      expect(lireNombre(ecrireNombre(valeur), 12)).toEqual({ ok: true, valeur });
    }
  });
});
