import { describe, expect, it } from 'vitest';
import type { ChampSchema, Objet } from '../../src/app/api/types';
import { coucheApercu } from '../../src/app/serie/couche';
import { demandeSerie, nombreDe, nombresFautifs, reglageDe, type Apercu } from '../../src/app/serie/formes';
import { BILAN, SERIE, readAdresse, writeAdresse } from '../../src/app/url/adresse';

const serie: Objet['serie'] = { numero: 'numero', ligne: 'allee', dedans: null, champs: ['allee', 'places'], largeur: 1.4, longueur: 2.4, ecart: 0.3, entre_rangees: 0.5, recul: 0.5 };
const champs = [
  { nom: 'allee', genre: 'reference' },
  { nom: 'places', genre: 'entier' },
] as ChampSchema[];
const UNE = '00000000-0000-4000-8000-000000000001';
const ligne = { type: 'LineString' as const, coordinates: [[4.8, 45.7], [4.801, 45.7]] };

describe('a series on the screen', () => {
  it('begins with what the manifest proposes, written as in French', () => {
    const reglage = reglageDe({ serie }, {});
    expect([reglage.largeur, reglage.ecart, reglage.tracee]).toEqual(['1,4', '0,3', false]);
    expect(nombresFautifs(reglage)).toEqual([]);
  });

  it('reads numbers as they are typed', () => {
    expect(nombreDe('largeur', '1,45')).toBe(1.45);
    expect(nombreDe('colonnes', '')).toBeUndefined();
    for (const faux of ['', 'deux', '-1', '1,2345']) expect(nombreDe('largeur', faux)).toBeNull();
    expect(nombreDe('rangees', '1,5')).toBeNull();
  });

  it('asks nothing until there is a line', () => {
    const reglage = reglageDe({ serie }, { allee: '', places: '2' });
    expect(demandeSerie(champs, reglage, 'allee')).toBeNull();
    const choisie = { ...reglage, champs: { allee: UNE, places: '2' } };
    expect(demandeSerie(champs, choisie, 'allee')).toMatchObject({ ligne: null, rangees: 1, largeur: 1.4, champs: { allee: UNE, places: 2 } });
    expect(demandeSerie(champs, { ...choisie, largeur: 'x' }, 'allee')).toBeNull();
    expect(demandeSerie(champs, { ...reglage, tracee: true }, 'allee')).toBeNull();
    expect(demandeSerie(champs, { ...reglage, tracee: true, ligne }, 'allee')).toMatchObject({ ligne, champs: { places: 2 } });
  });

  it('draws each shape and the line', () => {
    const surface = { type: 'Polygon' as const, coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] };
    const apercu: Apercu = { srid: 3946, ligne_m: 8, ligne, chevauchees: [], fiches: [{ numero: '1', rangee: 1, colonne: 1, geometrie: surface, chevauche: true, dehors: false, pris: false }] };
    const source = coucheApercu(apercu).sources.apercu;
    expect(source).toMatchObject({ type: 'geojson', data: { features: [{ properties: { numero: '1', chevauche: true } }, { geometry: ligne }] } });
  });

  it('has an address, as figures have', () => {
    for (const page of [SERIE, BILAN]) {
      const lue = readAdresse(`/app/cimetiere/emplacement/${page}`, '?teinte=par_annee', '');
      expect([lue.page, lue.teinte]).toEqual([page, 'par_annee']);
      expect(writeAdresse(lue)).toBe(`/app/cimetiere/emplacement/${page}?teinte=par_annee`);
    }
  });
});
