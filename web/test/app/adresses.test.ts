import { describe, expect, it } from 'vitest';
import { adresseExport, adresseFiche, parametres, parametresTuiles } from '../../src/app/api/adresses';
import { lireRefus } from '../../src/app/api/refus';
import type { Demande } from '../../src/app/api/types';
import { ErreurApi } from '../../src/api/client';

const demande: Demande = {
  liste: 'en_depot', filter: "nom like '%d''eau & +%'", q: 'noir', sort: ['-trouve_le', 'nom'], bbox: [2.1, 44.1, 2.2, 44.2], archivees: true, finalite: 'restitution',
};
const rien: Demande = { liste: null, filter: null, q: '', sort: [], bbox: null, archivees: false, finalite: null };

describe('what the server is asked', () => {
  it('is all of the list, and nothing when nothing is', () => {
    expect(Object.fromEntries(parametres(demande))).toEqual({
      liste: 'en_depot', filter: "nom like '%d''eau & +%'", q: 'noir', sort: '-trouve_le,nom', bbox: '2.1,44.1,2.2,44.2', archivees: 'true', finalite: 'restitution',
    });
    expect(parametres(rien).toString()).toBe('');
    expect(parametresTuiles(rien)).toBe('');
  });

  it('is the same rows on the map and in a file', () => {
    expect(Object.fromEntries(new URLSearchParams(parametresTuiles(demande)))).toEqual({ liste: 'en_depot', filter: demande.filter, q: 'noir', archivees: 'true' });
    const fichier = new URL(adresseExport('m', 'o', 'csv', demande), 'http://localhost');
    expect(fichier.pathname).toBe('/api/modules/m/o/export');
    expect(fichier.searchParams.get('format')).toBe('csv');
    expect(fichier.searchParams.get('filter')).toBe(demande.filter);
  });

  it('keeps names inside their place', () => {
    expect(adresseFiche('m', 'o', '../../session')).toBe('/api/modules/m/o/..%2F..%2Fsession');
  });
});

describe('a refusal', () => {
  it('tells its fields, its versions and the row there is', () => {
    const fiche = { id: '1', version: 4, champs: {} };
    const refus = lireRefus(new ErreurApi(412, 'Changée.', { detail: 'Changée.', versions: { demandee: 3, actuelle: 4 }, fiche, champs: [{ champ: 'nom', message: 'Pris.' }, { champ: 3 }] }));
    expect(refus).toEqual({ detail: 'Changée.', champs: [{ champ: 'nom', message: 'Pris.' }], manquements: [], versions: { demandee: 3, actuelle: 4 }, fiche });
    expect(lireRefus(new ErreurApi(400, 'Trop long.', { detail: 'Trop long.', champ: 'nom' })).champs).toEqual([{ champ: 'nom', message: 'Trop long.' }]);
  });

  it.each([null, undefined, 'x', [], { champs: 'x', versions: [], fiche: 3 }, { champs: [null], fiche: { id: 1 } }])('of a body like %j tells nothing more', (corps) => {
    expect(lireRefus(new ErreurApi(500, 'Non.', corps))).toEqual({ detail: 'Non.', champs: [], manquements: [], versions: null, fiche: null });
  });

  it('from elsewhere has no sentence', () => {
    expect(lireRefus(new Error('réseau')).detail).toBe('');
  });
});
