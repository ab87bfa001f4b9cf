import { describe, expect, it } from 'vitest';
import type { GenreResultat, Resultat } from '../src/api/types';
import { grouper } from '../src/search/genres';

const resultat = (type: GenreResultat, id: string): Resultat => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [2, 45] },
  properties: {
    id, type, label: id, name: id, score: 1, context: '', city: '', citycode: '', postcode: null, housenumber: null, street: null, idu: null, bbox: null, url: null,
  },
});

describe('results by kind', () => {
  it('keep the best one first and each kind in the server’s order', () => {
    const groupes = grouper([resultat('street', 'a'), resultat('parcelle', 'b'), resultat('street', 'c'), resultat('locality', 'd')]);
    expect(groupes.map((g) => [g.genre, g.resultats.map((r) => r.properties.id)])).toEqual([
      ['street', ['a', 'c']],
      ['parcelle', ['b']],
      ['locality', ['d']],
    ]);
  });

  it('leave out a kind this page does not know', () => {
    expect(grouper([resultat('galaxy' as GenreResultat, 'x')])).toEqual([]);
  });
});
