import { describe, expect, it } from 'vitest';
import { ErreurApi } from '../../src/api/client';
import { adresseDocument } from '../../src/app/api/adresses';
import { nomFichier } from '../../src/app/api/fichier';
import { lireRefus } from '../../src/app/api/refus';
import type { Manquement, Objet } from '../../src/app/api/types';
import { finaliteDe } from '../../src/app/personnel/finaliteDocument';
import { motifLu, peutPasserOutre } from '../../src/app/saisie/outre';

const regle = (passable: boolean): Manquement => ({ regle: 'r', article: 'a', message: 'm', le: null, passable });

describe('a refusal', () => {
  it('tells the rules that the row would break', () => {
    const cause = new ErreurApi(422, 'phrase', {
      detail: 'phrase',
      manquements: [{ regle: 'delai', article: 'CGCT R2213-33', message: 'Trop tôt.', le: '2026-12-01', passable: false }, { message: 'Sans date.', passable: true, le: 'demain' }],
    });
    expect(lireRefus(cause).manquements).toEqual([
      { regle: 'delai', article: 'CGCT R2213-33', message: 'Trop tôt.', le: '2026-12-01', passable: false },
      { regle: '', article: '', message: 'Sans date.', le: null, passable: true },
    ]);
  });

  it.each([null, 'texte', [], { manquements: 'x' }, { manquements: [1, null, { passable: true }, { message: 3 }] }])('of any other shape tells none: %j', (corps) => {
    expect(lireRefus(new ErreurApi(422, '', corps)).manquements).toEqual([]);
    expect(lireRefus(new Error('x')).manquements).toEqual([]);
  });

  it('is never passable by omission', () => {
    expect(lireRefus(new ErreurApi(422, '', { manquements: [{ message: 'm', passable: 'true' }] })).manquements[0]?.passable).toBe(false);
  });
});

describe('passing over rules', () => {
  it('is for all of them or for none', () => {
    expect(peutPasserOutre([])).toBe(false);
    expect(peutPasserOutre([regle(true), regle(true)])).toBe(true);
    expect(peutPasserOutre([regle(true), regle(false)])).toBe(false);
  });

  it('wants a reason', () => {
    expect(motifLu(' \n ')).toBeNull();
    expect(motifLu('  urgence sanitaire ')).toBe('urgence sanitaire');
  });
});

describe('a document', () => {
  const objet = { finalites: [{ id: 'restitution', libelle: 'Restitution', permise: true }] } as Objet;
  const document = { id: 'd', libelle: 'D', lot: true };

  it('says its purpose in its address, and nothing where it has none', () => {
    expect(adresseDocument('m', 'o', '1', 'd', null)).toBe('/api/modules/m/o/1/documents/d');
    expect(adresseDocument('m', 'o', '1', 'd', 'a&b')).toBe('/api/modules/m/o/1/documents/d?finalite=a%26b');
  });

  it('whose purpose the account does not know cannot be asked for', () => {
    expect(finaliteDe(objet, { ...document, finalite: null })).toBeNull();
    expect(finaliteDe(objet, { ...document, finalite: 'restitution' })?.permise).toBe(true);
    expect(finaliteDe(objet, { ...document, finalite: 'autre' })).toEqual({ id: 'autre', libelle: 'autre', permise: false });
  });

  it('has the name the server gives', () => {
    expect(nomFichier(`attachment; filename="Re_u.pdf"; filename*=UTF-8''Re%C3%A7u%20n%C2%B0%2012.pdf`, 'x')).toBe('Reçu n° 12.pdf');
    expect(nomFichier('attachment; filename="a.pdf"', 'x')).toBe('a.pdf');
    expect(nomFichier(`attachment; filename*=UTF-8''..%2Fetc%2Fpasswd`, 'x')).toBe('..-etc-passwd');
    expect(nomFichier(`attachment; filename*=UTF-8''%E9`, 'x')).toBe('x');
    expect(nomFichier(null, 'x')).toBe('x');
  });
});
