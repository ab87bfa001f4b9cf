import { describe, expect, it } from 'vitest';
import type { ChampSchema, Fiche, GenreChamp, Objet } from '../../src/app/api/types';
import { plusProche } from '../../src/app/geometrie/accrocher';
import { basculerTri, colonnesDe, sensDe } from '../../src/app/liste/colonnes';
import { ecrireValeur } from '../../src/app/liste/ecrire';
import { executerLot } from '../../src/app/liste/lot';
import { lienPermis, sortDe } from '../../src/app/riche/regles';
import { barresDe } from '../../src/app/tableau/barres';

const champ = (nom: string, genre: GenreChamp, plus: Partial<ChampSchema> = {}): ChampSchema => ({
  nom, libelle: nom, aide: null, genre, obligatoire: false, modifiable: true, niveau: 0, finalite: null,
  visible: null, requis_si: null, codes: null, reference: null, colonne: true, recherche: false, groupe: null, ...plus,
});
const mots = { oui: 'Oui', non: 'Non' };
const objet: Objet = {
  module: 'm', objet: 'o', libelle: 'O', pluriel: 'Os', actions: ['lire'], finalites: [], geometrie: null, groupes: [], onglets: [],
  etapes: null, documents: [], registre: null,
  listes: [{ id: 'l', libelle: 'L', filtre: null, colonnes: ['b', 'inconnue', 'a'], tri: ['-a'] }],
  champs: [champ('a', 'texte'), champ('b', 'code', { codes: [{ code: 'x', libelle: 'Ixe' }] }), champ('cache', 'texte', { colonne: false }), champ('g', 'geometrie')],
};

describe('a value in words', () => {
  it('is French, whatever its kind', () => {
    const dire = (genre: GenreChamp, valeur: Parameters<typeof ecrireValeur>[1], libelle?: string | string[]): string =>
      ecrireValeur(champ('x', genre), valeur, libelle, mots);
    expect(dire('montant', '1234.5')).toBe('1\u202f234,50\u202f€');
    expect(dire('entier', 1234)).toBe('1\u202f234');
    expect(dire('date', '2026-11-01')).toBe('01/11/2026');
    expect(ecrireValeur(champ('x', 'date'), '2026-11-01', undefined, mots, true)).toBe('1er novembre 2026');
    expect(dire('booleen', false)).toBe('Non');
    expect(dire('code', 'x', 'Ixe')).toBe('Ixe');
    expect(dire('code', 'x')).toBe('x');
    expect(dire('references', ['1', '2'], ['Un', 'Deux'])).toBe('Un, Deux');
    expect(dire('references', ['1', '2'])).toBe('2');
    expect(dire('riche', '<p>A &amp; <b>B</b></p>')).toBe('A & B');
    for (const vide of [null, undefined, '', []]) expect(dire('texte', vide)).toBe('');
  });
});

describe('the columns of a list', () => {
  it('are the reader’s, else the list’s, else the first ones; never one that is not there', () => {
    const noms = (choisies: string[] | null, liste = objet.listes[0]): string[] => colonnesDe(objet, liste, choisies).map((c) => c.nom);
    expect(noms(null)).toEqual(['b', 'a']);
    expect(noms(['a', 'cache', 'g'])).toEqual(['a', 'cache']);
    expect(colonnesDe(objet, undefined, null).map((c) => c.nom)).toEqual(['a', 'b']);
  });

  it('sort up, down, then not, alone or one after the other', () => {
    expect(basculerTri([], 'a', false)).toEqual(['a']);
    expect(basculerTri(['a'], 'a', false)).toEqual(['-a']);
    expect(basculerTri(['-a'], 'a', false)).toEqual([]);
    expect(basculerTri(['-a', 'b'], 'c', true)).toEqual(['-a', 'b', 'c']);
    expect(basculerTri(['-a', 'b', 'c'], 'b', true)).toEqual(['-a', '-b', 'c']);
    expect(basculerTri(['-a', '-b', 'c'], 'b', true)).toEqual(['-a', 'c']);
    expect([sensDe(['-a'], 'a'), sensDe(['a'], 'a'), sensDe(['aa'], 'a')]).toEqual(['descending', 'ascending', 'none']);
  });
});

const fiche = (b: string | null): Fiche => ({
  id: '1', version: 1, insee: null, propre: true, creee_le: '', archivee_le: null, titre: '', champs: { b }, libelles: {}, geometrie: null,
});

it('a chart names values, the rarest together', () => {
  const dits = { vide: 'Vide', autres: 'Autres', ...mots };
  const part = (valeur: string | null, libelle: string | null, nombre = 1) => ({ valeur, libelle, nombre });
  expect(barresDe([part('x', 'Ixe', 2), part(null, null), part('true', null)], dits)).toEqual([
    { libelle: 'Ixe', nombre: 2 }, { libelle: 'Vide', nombre: 1 }, { libelle: 'Oui', nombre: 1 },
  ]);
  const barres = barresDe(Array.from({ length: 20 }, (_, i) => part(`v${String(i)}`, null)), dits);
  expect(barres).toHaveLength(8);
  expect(barres.at(-1)).toEqual({ libelle: 'Autres', nombre: 13 });
});

describe('one act on many rows', () => {
  it('goes on after a refusal, and names it', async () => {
    const avances: number[] = [];
    const bilan = await executerLot(
      ['1', '2', '3', '4'],
      (id) => (id === '2' ? Promise.reject(new Error('non')) : Promise.resolve({ ...fiche(null), id, titre: `n° ${id}` })),
      (f) => (f.id === '3' ? Promise.reject(new Error('non')) : Promise.resolve()),
      (n) => avances.push(n),
      () => false,
    );
    expect(bilan.faites).toBe(2);
    expect(bilan.refus.map((r) => r.titre).sort()).toEqual(['2', 'n° 3']);
    expect(avances).toEqual([1, 2, 3, 4]);
  });

  it('stops where it is told', async () => {
    let faites = 0;
    const ids = Array.from({ length: 50 }, (_, i) => String(i));
    const faire = (): Promise<void> => {
      faites += 1;
      return Promise.resolve();
    };
    const bilan = await executerLot(ids, (id) => Promise.resolve({ ...fiche(null), id }), faire, () => undefined, () => faites >= 10);
    expect(bilan.faites).toBeGreaterThanOrEqual(10);
    expect(bilan.faites).toBeLessThan(15);
  });
});

describe('what a rich text may hold', () => {
  it('keeps few elements, opens the others, drops what runs', () => {
    expect(sortDe('B')).toEqual({ genre: 'garde', nom: 'strong' });
    expect(sortDe('span')).toEqual({ genre: 'deballe' });
    for (const nom of ['script', 'STYLE', 'iframe', 'svg', 'math', 'template']) expect(sortDe(nom)).toEqual({ genre: 'retire' });
    for (const nom of ['constructor', 'toString', '__proto__']) expect(sortDe(nom)).toEqual({ genre: 'deballe' });
  });

  it.each(['javascript:alert(1)', ' JaVaScRiPt:alert(1)', 'data:text/html,x', '//ailleurs.fr', '/\\ailleurs.fr', 'vbscript:x', '', null, 'mailto:', 'relatif'])('%s is no link', (adresse) => {
    expect(lienPermis(adresse)).toBeNull();
  });

  it('links to pages and to mail', () => {
    expect(lienPermis(' https://exemple.fr/a?b=c ')).toBe('https://exemple.fr/a?b=c');
    expect(lienPermis('/parcelle/99101000AB0145')).toBe('/parcelle/99101000AB0145');
    expect(lienPermis('mailto:mairie@exemple.fr')).toBe('mailto:mairie@exemple.fr');
  });
});

describe('a corner being set', () => {
  const carre = { type: 'Polygon' as const, coordinates: [[[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]]] };
  const pres = (x: number, y: number) => plusProche({ x, y }, [carre], (lon, lat) => ({ x: lon, y: lat }), (p) => [p.x, p.y]);

  it('catches a corner before a side, and nothing far away', () => {
    expect(pres(8, 3)).toEqual([0, 0]);
    expect(pres(50, 5)).toEqual([50, 0]);
    expect(pres(-4, 50)).toEqual([0, 50]);
    expect(pres(50, 50)).toBeUndefined();
    expect(plusProche({ x: 0, y: 0 }, [], (x, y) => ({ x, y }), (p) => [p.x, p.y])).toBeUndefined();
  });
});
