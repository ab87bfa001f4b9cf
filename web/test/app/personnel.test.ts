import { describe, expect, it } from 'vitest';
import type { ChampSchema, GenreChamp, Objet } from '../../src/app/api/types';
import { colonnesDe } from '../../src/app/liste/colonnes';
import { estOuvert, litDuPersonnel, peutOuvrir, sousFinalite } from '../../src/app/personnel/champs';
import { proposees, proposer } from '../../src/app/saisie/propositions';

const champ = (nom: string, genre: GenreChamp, plus: Partial<ChampSchema> = {}): ChampSchema => ({
  nom, libelle: nom, aide: null, genre, obligatoire: false, modifiable: true, niveau: 0, finalite: null,
  visible: null, requis_si: null, codes: null, reference: null, colonne: true, recherche: false, groupe: null, ...plus,
});

const objet: Objet = {
  module: 'm', objet: 'o', libelle: 'O', pluriel: 'Os', actions: ['lire'],
  finalites: [{ id: 'restitution', libelle: 'Restitution', permise: true }, { id: 'enquete', libelle: 'Enquête', permise: false }],
  geometrie: null,
  champs: [
    champ('nom', 'texte'),
    champ('tel', 'texte', { niveau: 1, finalite: 'restitution', colonne: false }),
    champ('plainte', 'texte', { niveau: 2, finalite: 'enquete', colonne: false }),
  ],
  groupes: [], listes: [], onglets: [], etapes: null, documents: [], registre: null,
};
const [nom, tel, plainte] = objet.champs as [ChampSchema, ChampSchema, ChampSchema];

describe('personal fields', () => {
  it('are open under their own purpose alone', () => {
    expect(estOuvert(nom, null)).toBe(true);
    expect(estOuvert(tel, null)).toBe(false);
    expect(estOuvert(tel, 'restitution')).toBe(true);
    expect(estOuvert(plainte, 'restitution')).toBe(false);
  });

  it('are not named to who may declare no purpose that opens them', () => {
    expect(peutOuvrir(objet, tel)).toBe(true);
    expect(peutOuvrir(objet, plainte)).toBe(false);
  });

  it('are no field of a form nor a column of a list while they are closed', () => {
    expect(sousFinalite(objet, null).champs).toEqual([nom]);
    expect(colonnesDe(sousFinalite(objet, null), undefined, ['tel', 'nom'])).toEqual([nom]);
    expect(colonnesDe(sousFinalite(objet, 'restitution'), undefined, null)).toEqual([nom, tel]);
  });

  it('are looked at by the questions that read them, and by no other', () => {
    expect(litDuPersonnel(objet, ['nom'], ['-nom'], "nom = 'x'")).toBe(false);
    expect(litDuPersonnel(objet, ['tel'], [], '')).toBe(true);
    expect(litDuPersonnel(objet, [], ['-tel'], '')).toBe(true);
    expect(litDuPersonnel(objet, [], [], "tel like '01%'")).toBe(true);
  });
});

describe('what a new row begins with', () => {
  const de = (genre: GenreChamp, propose: string) => proposer(champ('c', genre, { propose }), '2026-01-31');

  it('is a literal of the field’s kind', () => {
    expect(de('texte', "'l''abri'")).toBe("l'abri");
    expect(de('code', "'depose'")).toBe('depose');
    expect(de('montant', '12.50')).toBe('12.50');
    expect(de('booleen', 'true')).toBe('true');
  });

  it('is a day, moved or not', () => {
    expect(de('date', 'today()')).toBe('2026-01-31');
    expect(de('date', "today() + 'P1M'")).toBe('2026-02-28');
    expect(de('date', "date('2026-11-28') - 'P1Y'")).toBe('2025-11-28');
  });

  it('is nothing when the expression is not one of those', () => {
    for (const [genre, texte] of [['date', "'hier'"], ['date', "today() + 3"], ['entier', "'3'"], ['texte', 'user.nom'], ['texte', "'a' + 'b'"], ['texte', '§']] as const) expect(de(genre, texte)).toBeNull();
  });

  it('gives way to what its link brings', () => {
    const champs = [champ('a', 'texte', { propose: "'x'" }), champ('b', 'texte', { propose: "'y'" })];
    expect(proposees({ champs, etapes: null }, { b: 'z' })).toEqual({ a: 'x', b: 'z' });
    const etapes = { champ: 'etat', initial: 'depose', etapes: [] };
    expect(proposees({ champs, etapes }, {}).etat).toBe('depose');
    expect(proposees({ champs, etapes }, { etat: 'rendu' }).etat).toBe('rendu');
  });
});
