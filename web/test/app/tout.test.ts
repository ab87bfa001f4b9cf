import { describe, expect, it } from 'vitest';
import type { Fiche, PageFiches } from '../../src/app/api/types';
import { HAUTEUR_LIGNE, fenetreDe } from '../../src/app/liste/fenetre';
import { clesDuResultat } from '../../src/app/liste/tout';

const PAR_PAGE = 100;
const resultat = (total: number) => {
  const demandees: number[] = [];
  return {
    demandees,
    lire: (page: number): Promise<PageFiches> => {
      demandees.push(page);
      const rang = page * PAR_PAGE;
      const fiches = Array.from({ length: Math.max(0, Math.min(PAR_PAGE, total - rang)) }, (_, i) => ({ id: String(rang + i) }) as Fiche);
      return Promise.resolve({ total, rang, fiches });
    },
  };
};

describe('the keys of a whole result', () => {
  it('are all of them, page after page, and no page more', async () => {
    const { lire, demandees } = resultat(247);
    expect(await clesDuResultat(lire, 1000)).toHaveLength(247);
    expect(demandees).toEqual([0, 1, 2]);
  });

  it('stop at the bound, and at a page that brings nothing', async () => {
    const long = resultat(5000);
    expect(await clesDuResultat(long.lire, 250)).toHaveLength(250);
    expect(long.demandees).toEqual([0, 1, 2]);
    expect(await clesDuResultat(() => Promise.resolve({ total: 9, rang: 0, fiches: [] }), 1000)).toEqual([]);
    expect(await clesDuResultat(resultat(0).lire, 1000)).toEqual([]);
  });

  it('of a row that moved between two pages count once', async () => {
    const { lire } = resultat(150);
    const decale = async (page: number): Promise<PageFiches> => {
      const lue = await lire(page);
      return page === 0 ? lue : { ...lue, fiches: [{ id: '99' } as Fiche, ...lue.fiches.slice(1)] };
    };
    expect(await clesDuResultat(decale, 1000)).toHaveLength(149);
  });
});

describe('the rows on the screen', () => {
  const VUE = 10 * HAUTEUR_LIGNE;

  it('are those one sees, not those drawn around', () => {
    const { premier, dernier, vus } = fenetreDe(1000, 50 * HAUTEUR_LIGNE, VUE);
    expect(vus).toEqual({ premier: 50, dernier: 60 });
    expect(premier).toBeLessThan(50);
    expect(dernier).toBeGreaterThan(60);
    expect(fenetreDe(3, 0, VUE).vus).toEqual({ premier: 0, dernier: 3 });
    expect(fenetreDe(0, 0, VUE).vus).toEqual({ premier: 0, dernier: 0 });
  });

  it('count when more than half of them shows', () => {
    expect(fenetreDe(1000, 50.4 * HAUTEUR_LIGNE, VUE).vus).toEqual({ premier: 50, dernier: 60 });
    expect(fenetreDe(1000, 50.6 * HAUTEUR_LIGNE, VUE).vus).toEqual({ premier: 51, dernier: 61 });
  });
});
