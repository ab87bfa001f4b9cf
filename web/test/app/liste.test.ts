import { describe, expect, it } from 'vitest';
import type { Fiche, PageFiches } from '../../src/app/api/types';
import { HAUTEUR_LIGNE, HAUTEUR_MAX, defilementVers, fenetreDe, hauteurDe } from '../../src/app/liste/fenetre';
import { pagesDe, rangDe, rangerPages } from '../../src/app/liste/pages';

const VUE = 600;

describe('the window over a long list', () => {
  it('draws the rows seen and a few around them, whatever the length', () => {
    for (const total of [0, 1, 17, 100, 5000, 500_000, 3_000_000]) {
      const bas = hauteurDe(total) - VUE;
      for (const part of [0, 0.0001, 0.3, 0.77, 1]) {
        const { premier, dernier } = fenetreDe(total, part * bas, VUE);
        expect(premier).toBeGreaterThanOrEqual(0);
        expect(dernier).toBeLessThanOrEqual(total);
        expect(dernier - premier).toBeLessThan(VUE / HAUTEUR_LIGNE + 20);
        expect(dernier - premier).toBeGreaterThanOrEqual(Math.min(total, Math.floor(VUE / HAUTEUR_LIGNE)));
      }
    }
  });

  it('reaches both ends and stays under what browsers hold', () => {
    for (const total of [40, 500_000, 3_000_000]) {
      expect(fenetreDe(total, 0, VUE).premier).toBe(0);
      expect(fenetreDe(total, hauteurDe(total) - VUE, VUE).dernier).toBe(total);
      expect(hauteurDe(total)).toBeLessThanOrEqual(HAUTEUR_MAX);
    }
  });

  it('sets the first row at its own place when nothing is squeezed', () => {
    const { premier, haut } = fenetreDe(10_000, 5000, VUE);
    expect(haut).toBeCloseTo(premier * HAUTEUR_LIGNE);
  });

  it('covers the whole view also when squeezed', () => {
    const total = 3_000_000;
    for (const defile of [0, 12_345, 7_000_001, HAUTEUR_MAX - VUE]) {
      const { premier, dernier, haut } = fenetreDe(total, defile, VUE);
      expect(haut).toBeLessThanOrEqual(defile + 0.001);
      expect(haut + (dernier - premier) * HAUTEUR_LIGNE).toBeGreaterThanOrEqual(defile + VUE - 0.001);
    }
  });

  it('scrolls to a row and no more than it must', () => {
    for (const total of [100, 500_000, 3_000_000]) {
      for (const rang of [0, 1, Math.floor(total / 2), total - 1]) {
        const defile = defilementVers(rang, total, 1000, VUE);
        const { premier, haut } = fenetreDe(total, defile, VUE);
        const ligne = haut + (rang - premier) * HAUTEUR_LIGNE - defile;
        expect(ligne).toBeGreaterThanOrEqual(-1);
        expect(ligne + HAUTEUR_LIGNE).toBeLessThanOrEqual(VUE + 1);
        expect(defilementVers(rang, total, defile, VUE)).toBeCloseTo(defile, 3);
      }
    }
    expect(defilementVers(3, 5, 0, VUE)).toBe(0);
  });
});

const fiche = (n: number): Fiche => ({
  id: String(n), version: 1, insee: null, propre: true, creee_le: '', archivee_le: null, titre: String(n), champs: {}, libelles: {}, geometrie: null,
});
const page = (rang: number, total: number): PageFiches => ({
  total, rang, fiches: Array.from({ length: Math.min(100, total - rang) }, (_, i) => fiche(rang + i)),
});

describe('the pages of a list', () => {
  it('are those that hold the drawn rows, and the first one to begin with', () => {
    expect(pagesDe(0, 0)).toEqual([0]);
    expect(pagesDe(0, 100)).toEqual([0]);
    expect(pagesDe(0, 101)).toEqual([0, 1]);
    expect(pagesDe(95, 130)).toEqual([0, 1]);
    expect(pagesDe(499_950, 499_999)).toEqual([4999]);
  });

  it('give each row its rank, those on their way missing', () => {
    const lignes = rangerPages([page(0, 250), undefined, page(200, 250)]);
    expect(lignes.size).toBe(150);
    expect(lignes.get(249)?.id).toBe('249');
    expect(lignes.get(150)).toBeUndefined();
    expect(rangDe(lignes, '207')).toBe(207);
    expect(rangDe(lignes, '150')).toBeNull();
    expect(rangDe(lignes, null)).toBeNull();
  });
});
