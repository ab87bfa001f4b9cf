import { describe, expect, it } from 'vitest';
import { ETAT_INITIAL, readEtat, writeEtat, type EtatCarte } from '../src/url/state';

const read = (url: string): EtatCarte => {
  const at = new URL(url, 'http://localhost/carte');
  return readEtat(at.search, at.hash);
};

const full: EtatCarte = {
  vue: { zoom: 17.25, lon: 2.348622, lat: 44.405822 },
  parcelle: '99101000AB0145',
  style: 'discret',
  couches: ['-numeros', 'feuilles'],
  fond: 'plan-ign',
  opacite: 60,
  q: '12 rue de l’Église & « cœur » + 100 %',
  repere: [2.3486, -44.4058],
  mesure: { genre: 'surface', points: [[2.1, 44.1], [2.2, 44.1], [2.2, 44.2]] },
  selection: ['99101000AB0145', '99101000AB0146', '99102000ZC0007'],
};

describe('the address of the page', () => {
  it('gives back every state it was made from', () => {
    for (const part of Object.keys(full) as (keyof EtatCarte)[]) {
      const etat = { ...ETAT_INITIAL, [part]: full[part] };
      if (part === 'opacite') etat.fond = 'plan-ign';
      expect(read(writeEtat(etat))).toEqual(etat);
    }
    expect(read(writeEtat(full))).toEqual(full);
  });

  it('is empty for the first state', () => {
    expect(writeEtat(ETAT_INITIAL)).toBe('');
  });

  it('survives any text in the search', () => {
    for (const q of ['é à ç œ', '?&=#%', 'a+b', '<script>', '🗺️', '\u202f']) {
      expect(read(writeEtat({ ...ETAT_INITIAL, q })).q).toBe(q);
    }
  });

  it.each([
    '#abc', '#17/44', '#99/44/2', '#17/91/2', '#17/44/200', '#/', '#17/44/2/3', '#NaN/NaN/NaN',
  ])('ignores the impossible place %s', (hash) => {
    expect(read(hash).vue).toBeNull();
  });

  it.each([
    'surface~1,2~3,4', 'distance~1,2', 'cercle~1,2~3,4', 'distance~1,2~x,y', 'distance~1,2~200,4',
    `distance~${Array.from({ length: 300 }, () => '1,2').join('~')}`,
  ])('ignores the impossible measure %.30s', (mesure) => {
    expect(read(`?mesure=${mesure}`).mesure).toBeNull();
  });

  it('bounds what a link can say', () => {
    expect(read('?opacite=900&couches=../x,-ok,&parcelle=').opacite).toBe(100);
    expect(read('?couches=../x,-ok,').couches).toEqual(['-ok']);
    expect(read('?parcelle=').parcelle).toBeNull();
    expect(read('?parcelle=99101000ab0145').parcelle).toBe('99101000AB0145');
    expect(read(`?q=${'a'.repeat(5000)}`).q).toHaveLength(200);
  });
});
