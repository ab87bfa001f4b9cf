import { describe, expect, it } from 'vitest';
import type { ChampSchema, GenreChamp, Objet } from '../../src/app/api/types';
import { avecCible, defautReglage, demandeImport, manquants, memeEssai, reglageDe, remplissables, surFeuille } from '../../src/app/import/correspondance';
import type { Feuille } from '../../src/app/import/formes';

const champ = (nom: string, genre: GenreChamp, plus: Partial<ChampSchema> = {}): ChampSchema => ({
  nom, libelle: nom, aide: null, genre, obligatoire: false, modifiable: true, niveau: 0, finalite: null,
  visible: null, requis_si: null, codes: null, reference: null, colonne: true, recherche: false, groupe: null, ...plus,
});

const objet: Objet = {
  module: 'm', objet: 'o', libelle: 'O', pluriel: 'Os', actions: ['lire', 'creer'], finalites: [], geometrie: { genre: 'Point', obligatoire: false, couche: null },
  champs: [
    champ('numero', 'texte', { modifiable: false }), champ('designation', 'texte', { obligatoire: true }), champ('trouve_le', 'date', { libelle: 'Trouvé le', obligatoire: true }),
    champ('echeance', 'date', { modifiable: false }), champ('photo', 'fichier'), champ('tel', 'texte', { niveau: 1, finalite: 'restitution' }),
  ],
  groupes: [], listes: [], onglets: [], etapes: null, documents: [], registre: 'numero',
};
const feuille = (nom: string, colonnes: string[], srid?: number | null): Feuille => ({
  nom, lignes: null, colonnes: colonnes.map((c) => ({ nom: c, genre: 'texte', exemples: [] })), geometrie: srid === undefined ? null : { srid, genre: 'Point' },
});
const un = feuille('Dépôts', ['OBJET', 'DATE', 'X', 'Y']);
const depart = reglageDe({ feuille: null, colonnes: { OBJET: 'designation', DATE: 'trouve_le' }, cles: ['designation'], geometrie: null }, [un]);

describe('an import', () => {
  it('fills what a form fills and the number of a register, never what is computed, closed or a file', () => {
    expect(remplissables(objet).map((c) => c.nom)).toEqual(['numero', 'designation', 'trouve_le']);
  });

  it('begins with the first sheet and asks the server what it proposed', () => {
    expect(depart.feuille).toBe('Dépôts');
    expect(demandeImport(depart, null)).toEqual({
      correspondance: { feuille: 'Dépôts', colonnes: { OBJET: 'designation', DATE: 'trouve_le' }, cles: ['designation'], geometrie: null }, mode: 'tout_ou_rien', reprise: false,
    });
  });

  it('keeps its trial when only what becomes of the accepted lines changes', () => {
    expect(memeEssai(depart, { ...depart, mode: 'ligne_par_ligne' })).toBe(true);
    expect(memeEssai(depart, { ...depart, reprise: true })).toBe(false);
    expect(memeEssai(depart, avecCible(depart, 'X', 'designation'))).toBe(false);
  });

  it('fills a field by one column, and knows rows again by what is filled alone', () => {
    const change = avecCible(depart, 'X', 'designation');
    expect(change.colonnes).toEqual({ DATE: 'trouve_le', X: 'designation' });
    expect(change.cles).toEqual(['designation']);
    expect(avecCible(change, 'X', '').cles).toEqual([]);
  });

  it('keeps on another sheet the columns of the same name, and takes those named as a field', () => {
    const autre = surFeuille(objet, { ...depart, x: 'X' }, feuille('Autres', ['OBJET', 'Trouvé-le', 'N°']));
    expect(autre.colonnes).toEqual({ OBJET: 'designation', 'Trouvé-le': 'trouve_le' });
    expect(autre.x).toBe('');
  });

  it('says where rows are: by coordinates, by a parcel, or as the file does', () => {
    const xy = { ...depart, lieu: 'coordonnees' as const, x: 'X', y: 'Y', srid: 3944 };
    expect(demandeImport(xy, null).correspondance?.geometrie).toEqual({ x: 'X', y: 'Y', srid: 3944 });
    expect(demandeImport({ ...depart, lieu: 'parcelle', parcelle: 'OBJET' }, null).correspondance?.geometrie).toEqual({ parcelle: 'OBJET' });
    expect(demandeImport(depart, { srid: null }).correspondance?.geometrie).toEqual({ srid: 2154 });
    expect(demandeImport(depart, { srid: 4326 }).correspondance?.geometrie).toBeNull();
  });

  it('is not sent while it says nothing, or half a place', () => {
    expect(defautReglage(depart)).toBeNull();
    expect(defautReglage({ ...depart, colonnes: {} })).toBe('vide');
    expect(defautReglage({ ...depart, lieu: 'coordonnees', x: 'X', y: 'X' })).toBe('coordonnees');
    expect(defautReglage({ ...depart, lieu: 'parcelle' })).toBe('parcelle');
    expect(defautReglage({ ...depart, nom: 'ancien', colonnes: {} })).toBeNull();
    expect(demandeImport({ ...depart, nom: 'ancien' }, null)).toEqual({ nom: 'ancien', mode: 'tout_ou_rien', reprise: false });
  });

  it('names what every new row must have', () => {
    expect(manquants(objet, avecCible({ ...depart, cles: [] }, 'DATE', '')).map((c) => c.nom)).toEqual(['trouve_le']);
    expect(manquants(objet, avecCible(depart, 'DATE', ''))).toEqual([]);
  });
});
