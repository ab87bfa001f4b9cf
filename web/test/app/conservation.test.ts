import { describe, expect, it } from 'vitest';
import { direAnomalie } from '../../src/app/anomalies/dire';
import { lireDuree } from '../../src/app/conservation/duree';

describe('durations of retention', () => {
  it('are read by their units, the longest first', () => {
    expect(lireDuree('P1Y6M')).toEqual([
      ['ans', 1],
      ['mois', 6],
    ]);
    expect(lireDuree('P30D')).toEqual([['jours', 30]]);
    expect(lireDuree('P2W')).toEqual([['semaines', 2]]);
  });
  it('are none without a unit, or with hours', () => {
    for (const texte of ['', 'P', 'P0Y', '2 ans', 'PT5H', 'P1D2Y', 'P99999Y']) expect(lireDuree(texte)).toBeNull();
  });
});

it('an anomaly names its field as people do, or the whole row', () => {
  const objet = { champs: [{ nom: 'etat', libelle: 'État' }] } as Parameters<typeof direAnomalie>[0];
  expect(direAnomalie(objet, { champ: 'etat', motif: 'ce code n’est plus valide' })).toBe('État : ce code n’est plus valide.');
  expect(direAnomalie(objet, { champ: 'perdu', motif: 'vide' })).toBe('perdu : vide.');
  expect(direAnomalie(objet, { champ: '', motif: 'incomplète' })).toBe('incomplète.');
});
