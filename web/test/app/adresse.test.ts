import { describe, expect, it } from 'vitest';
import { ADRESSE_INITIALE, memeFiche, readAdresse, versObjet, writeAdresse, type Adresse } from '../../src/app/url/adresse';

const ID = '0f2b6c1e-8f53-4c6b-9d59-0c8e4d7a1b10';
const AUTRE = '1f2b6c1e-8f53-4c6b-9d59-0c8e4d7a1b11';
const read = (url: string): Adresse => {
  const at = new URL(url, 'http://localhost');
  return readAdresse(at.pathname, at.search, at.hash);
};

const depart: Adresse = { ...ADRESSE_INITIALE, module: 'objets_trouves', objet: 'objet' };
const pleine: Adresse = {
  ...depart,
  liste: 'en_depot',
  filtre: "nom like '%d''eau & « cœur » + 100 \\%%' or date = date('2026-01-01')",
  q: 'parapluie + noir',
  tri: ['-trouve_le', 'designation'],
  colonnes: ['designation', 'trouve_le'],
  etendue: [2.1, 44.1, 2.2, 44.2],
  archivees: true,
  selection: [ID, AUTRE],
  fiche: ID,
  onglet: 'historique',
  saisie: true,
  avec: { objet: ID, nature: 'a:b,c&d' },
  affichage: 'liste',
  style: 'discret',
  couches: ['-numeros'],
  fond: 'plan',
  opacite: 40,
  vue: { zoom: 17.25, lon: 2.348622, lat: 44.405822 },
};

describe('the address of the application', () => {
  it('names the pages that are no row', () => {
    const anomalies: Adresse = { ...depart, page: 'anomalies' };
    expect(writeAdresse(anomalies)).toBe('/app/objets_trouves/objet/anomalies');
    const conservation: Adresse = { ...ADRESSE_INITIALE, page: 'conservation' };
    expect(writeAdresse(conservation)).toBe('/app/conservation');
    for (const etat of [anomalies, conservation]) expect(read(writeAdresse(etat))).toEqual(etat);
    // A module of that name keeps its own pages.
    expect(read('/app/conservation/objet')).toMatchObject({ module: 'conservation', objet: 'objet', page: null });
    expect(read('/app/objets_trouves/conservation')).toMatchObject({ objet: 'conservation', page: null });
  });

  it('gives back every state it was made from', () => {
    for (const part of Object.keys(pleine) as (keyof Adresse)[]) {
      const etat: Adresse = { ...depart, [part]: pleine[part] };
      if (part === 'opacite') etat.fond = 'plan';
      expect(read(writeAdresse(etat))).toEqual(etat);
    }
    expect(read(writeAdresse(pleine))).toEqual(pleine);
  });

  it('names the dashboard, a list, a sheet alone', () => {
    expect(writeAdresse(ADRESSE_INITIALE)).toBe('/app');
    expect(read('/app/')).toEqual(ADRESSE_INITIALE);
    expect(writeAdresse(depart)).toBe('/app/objets_trouves/objet');
    expect(read(`/app/objets_trouves/objet/${ID}`)).toEqual({ ...depart, page: ID });
    expect(read('/app/objets_trouves/objet/nouvelle')).toEqual({ ...depart, page: 'nouvelle', saisie: true });
    expect(writeAdresse({ ...depart, page: 'nouvelle', saisie: true })).toBe('/app/objets_trouves/objet/nouvelle');
  });

  it('a new row is always being written', () => {
    expect(read('/app/m_x/o_x?fiche=nouvelle').saisie).toBe(true);
    expect(writeAdresse({ ...depart, fiche: 'nouvelle', saisie: true })).toBe('/app/objets_trouves/objet?fiche=nouvelle');
  });

  it.each(['/app/../x', '/app/Objets/objet', '/app/a/b/c/d', '/app/%00/x', '/app/objets_trouves'])('%s is the dashboard', (path) => {
    expect(read(path).module).toBeNull();
  });

  it('leaves at its first value what it says wrongly', () => {
    const lue = read(
      `/app/m_x/o_x/pas-un-id?fiche=x&selection=a,${ID},${ID}&tri=-a,;b&colonnes=A,b_c&etendue=3,2,1,4&opacite=900&affichage=zzz&liste=../x&onglet=%3Cb%3E&avec=nom&avec=A:1#99/1/2`,
    );
    expect(lue).toEqual({ ...ADRESSE_INITIALE, module: 'm_x', objet: 'o_x', selection: [ID], tri: ['-a'], colonnes: ['b_c'] });
    expect(read('/app/m_x/o_x?etendue=1,2,,4').etendue).toBeNull();
    expect(read(`/app/m_x/o_x?q=${'a'.repeat(500)}`).q).toHaveLength(200);
  });

  it('leaves out a selection no link can carry', () => {
    const beaucoup = Array.from({ length: 51 }, (_, i) => `0f2b6c1e-8f53-4c6b-9d59-${String(i).padStart(12, '0')}`);
    expect(writeAdresse({ ...depart, selection: beaucoup })).toBe('/app/objets_trouves/objet');
  });

  it('keeps the place of the map from one object to another, and nothing else', () => {
    expect(versObjet(pleine, 'voirie', 'panneau')).toEqual({
      ...ADRESSE_INITIALE,
      module: 'voirie',
      objet: 'panneau',
      affichage: 'liste',
      style: 'discret',
      couches: ['-numeros'],
      fond: 'plan',
      opacite: 40,
      vue: pleine.vue,
    });
  });

  it('knows what leaves a sheet from what does not', () => {
    expect(memeFiche(pleine, { ...pleine, q: 'autre', vue: null, onglet: null })).toBe(true);
    expect(memeFiche(pleine, { ...pleine, fiche: AUTRE })).toBe(false);
    expect(memeFiche(pleine, { ...pleine, saisie: false })).toBe(false);
  });
});
