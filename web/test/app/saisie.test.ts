import { describe, expect, it } from 'vitest';
import type { ChampSchema, Fiche, GenreChamp, Objet } from '../../src/app/api/types';
import { cleBrouillon, garderBrouillon, lireBrouillon, oublierBrouillon, type Brouillon, type Magasin } from '../../src/app/saisie/brouillons';
import { contexteDe, estRequis, estVisible } from '../../src/app/saisie/conditions';
import { champsVisibles, controler, ecritureDe, MAX_CORPS } from '../../src/app/saisie/controle';
import { conflitDe, fusionner, GEOMETRIE } from '../../src/app/saisie/fusion';
import { gardable, remettreNeuve, remettreSur, sujetBrouillon } from '../../src/app/saisie/remise';
import { estModifiee, lireSaisi, saisieDe, saisir, type Saisie } from '../../src/app/saisie/valeurs';

const champ = (nom: string, genre: GenreChamp, plus: Partial<ChampSchema> = {}): ChampSchema => ({
  nom, libelle: nom, aide: null, genre, obligatoire: false, modifiable: true, niveau: 0, finalite: null,
  visible: null, requis_si: null, codes: null, reference: null, colonne: true, recherche: false, groupe: null, ...plus,
});

const objet: Objet = {
  module: 'm', objet: 'o', libelle: 'O', pluriel: 'Os', actions: ['lire', 'creer', 'changer'], finalites: [],
  geometrie: { genre: 'Point', obligatoire: true, couche: null },
  champs: [
    champ('nom', 'texte', { obligatoire: true, max: 5 }), champ('rang', 'entier'), champ('prix', 'montant'), champ('le', 'date'),
    champ('actif', 'booleen'), champ('liens', 'references'), champ('calcule', 'texte', { modifiable: false }), champ('note', 'texte_long'),
  ],
  groupes: [], listes: [], onglets: [], etapes: null, documents: [], registre: null,
};

const fiche: Fiche = {
  id: '1', version: 3, insee: '99101', propre: true, creee_le: '', archivee_le: null, titre: 'Saule',
  champs: { nom: 'Saule', rang: 1234, prix: '12.50', le: '2026-11-28', actif: false, liens: ['a'], calcule: 'x', note: null },
  libelles: {}, geometrie: { type: 'Point', coordinates: [2, 44] },
};
const contexte = contexteDe(objet, '2026-11-28');

describe('a form', () => {
  it('opened and saved untouched changes nothing', () => {
    const saisie = saisieDe(objet.champs, fiche);
    expect(saisie.champs.prix).toBe('12,50');
    expect(saisie.champs.rang).toBe('1\u202f234');
    expect(saisie.champs).not.toHaveProperty('calcule');
    expect(ecritureDe(objet, fiche, saisie)).toEqual({ champs: {} });
    expect(estModifiee(saisie, saisieDe(objet.champs, fiche))).toBe(false);
  });

  it('sends what differs, emptied fields as null', () => {
    const saisie = saisieDe(objet.champs, fiche);
    const champs = { ...saisie.champs, prix: '', rang: '7', liens: [], actif: null };
    expect(ecritureDe(objet, fiche, { ...saisie, champs, geometrie: null })).toEqual({ champs: { prix: null, rang: 7, liens: [], actif: null }, geometrie: null });
  });

  it('starts with what it is given, and sends what is filled', () => {
    const saisie = saisieDe(objet.champs, null, { nom: 'Orme', liens: 'b', calcule: 'z' });
    expect(ecritureDe(objet, null, { ...saisie, insee: '99101' })).toEqual({ champs: { nom: 'Orme', liens: ['b'] }, insee: '99101' });
  });

  it('refuses what the server would, field by field', () => {
    const saisie = saisieDe(objet.champs, null);
    expect(controler(objet, null, saisie, contexte)).toEqual({ nom: 'obligatoire', geometrie: 'obligatoire' });
    const champs = { ...saisie.champs, nom: 'Tilleul', rang: '1,5', prix: 'cher', le: '31/02/2026' };
    expect(controler(objet, null, { ...saisie, champs, geometrie: fiche.geometrie }, contexte)).toEqual({ nom: 'long', rang: 'decimales', prix: 'forme', le: 'inexistante' });
    expect(controler(objet, fiche, saisieDe(objet.champs, fiche), contexte)).toEqual({});
  });

  it('says which field is too heavy to be sent, and no other', () => {
    const saisie = saisieDe(objet.champs, fiche);
    // Two bytes each: the bound is one of bytes.
    const note = 'é'.repeat(MAX_CORPS / 2);
    expect(controler(objet, fiche, { ...saisie, champs: { ...saisie.champs, note } }, contexte)).toEqual({ note: 'lourd' });
    expect(controler(objet, fiche, { ...saisie, champs: { ...saisie.champs, note: note.slice(200) } }, contexte)).toEqual({});
  });

  it('keeps integers that JSON cannot carry out of it', () => {
    expect(lireSaisi(champ('n', 'entier'), '9007199254740993')).toEqual({ ok: false, defaut: 'grand' });
    expect(lireSaisi(champ('n', 'decimal'), '9007199254740993')).toEqual({ ok: true, valeur: '9007199254740993' });
    expect(saisir(champ('n', 'decimal'), '9007199254740993.10')).toBe('9\u202f007\u202f199\u202f254\u202f740\u202f993,1');
  });
});

describe('conditions of a form', () => {
  const rempli = { op: 'not', args: [{ op: 'isNull', args: [{ property: 'le' }] }] };
  const passe = { op: '<', args: [{ property: 'le' }, { op: 'today', args: [] }] };
  const conditionnel: Objet = {
    ...objet,
    champs: objet.champs.map((c) => (c.nom === 'note' ? { ...c, visible: rempli, requis_si: passe } : c.nom === 'rang' ? { ...c, visible: { op: 'inconnu' } } : c)),
  };
  const note = conditionnel.champs.find((c) => c.nom === 'note') ?? champ('note', 'texte');
  const ici = contexteDe(conditionnel, '2026-11-29');

  it('show and require by what is being written', () => {
    const saisie = saisieDe(conditionnel.champs, fiche);
    const noms = (s: Saisie): string[] => champsVisibles(conditionnel, fiche, s, ici).map((c) => c.nom);
    expect(noms(saisie)).toContain('note');
    expect(controler(conditionnel, fiche, saisie, ici)).toEqual({ note: 'obligatoire' });
    const sansDate = { ...saisie, champs: { ...saisie.champs, le: '' } };
    expect(noms(sansDate)).not.toContain('note');
    expect(controler(conditionnel, fiche, sansDate, ici)).toEqual({});
  });

  it('unknown hides and requires nothing; what is not read is left to the server', () => {
    expect(estVisible({ ...note, visible: passe }, { le: null }, ici)).toBe(false);
    expect(estRequis(note, { le: null }, ici)).toBe(false);
    expect(estVisible({ ...note, visible: { op: 'inconnu' } }, {}, ici)).toBe(true);
    expect(estRequis({ ...note, requis_si: 'pas une expression' }, {}, ici)).toBe(false);
  });
});

describe('two persons on one row', () => {
  const base = saisieDe(objet.champs, fiche);
  const avec = (champs: Saisie['champs'], plus: Partial<Saisie> = {}): Saisie => ({ ...base, ...plus, champs: { ...base.champs, ...champs } });
  const ici = avec({ nom: 'Orme', rang: '7', note: 'd’ici' }, { geometrie: { type: 'Point', coordinates: [3, 45] } });
  const la = avec({ nom: 'Aulne', prix: '9,00', note: 'd’ici' }, { geometrie: { type: 'Point', coordinates: [1, 43] } });

  it('have to choose where both changed otherwise, and only there', () => {
    const { champs, geometrie } = conflitDe(objet.champs, base, ici, la);
    expect(champs.map((c) => c.nom)).toEqual(['nom']);
    expect(geometrie).toBe(true);
    expect(conflitDe(objet.champs, base, ici, avec({ prix: '9,00' }))).toEqual({ champs: [], geometrie: false });
  });

  it('lose nothing of what only one changed', () => {
    const garde = fusionner(objet.champs, base, ici, la, new Set(['nom']));
    expect(garde.champs).toMatchObject({ nom: 'Orme', rang: '7', prix: '9,00', note: 'd’ici' });
    expect(garde.geometrie).toEqual(la.geometrie);
    const laisse = fusionner(objet.champs, base, ici, la, new Set([GEOMETRIE]));
    expect(laisse.champs).toMatchObject({ nom: 'Aulne', rang: '7', prix: '9,00' });
    expect(laisse.geometrie).toEqual(ici.geometrie);
  });
});

class Memoire implements Magasin {
  private readonly kept = new Map<string, string>();
  get length(): number {
    return this.kept.size;
  }
  key(i: number): string | null {
    return [...this.kept.keys()][i] ?? null;
  }
  getItem(cle: string): string | null {
    return this.kept.get(cle) ?? null;
  }
  setItem(cle: string, texte: string): void {
    this.kept.set(cle, texte);
  }
  removeItem(cle: string): void {
    this.kept.delete(cle);
  }
}

describe('drafts', () => {
  const base = saisieDe(objet.champs, fiche);
  const brouillon = (le: number): Brouillon => ({ saisie: { ...base, champs: { ...base.champs, nom: 'Orme' } }, base, version: 3, le, tus: [] });

  it('are of one account and one record', () => {
    const magasin = new Memoire();
    expect(garderBrouillon(magasin, cleBrouillon('a@ex.fr', 'm', 'o', '1'), brouillon(1000))).toBe(true);
    expect(lireBrouillon(magasin, cleBrouillon('a@ex.fr', 'm', 'o', '1'), 2000)).toEqual(brouillon(1000));
    expect(lireBrouillon(magasin, cleBrouillon('b@ex.fr', 'm', 'o', '1'), 2000)).toBeNull();
    expect(lireBrouillon(magasin, cleBrouillon('a@ex.fr', 'm', 'o', '2'), 2000)).toBeNull();
    oublierBrouillon(magasin, cleBrouillon('a@ex.fr', 'm', 'o', '1'));
    expect(magasin).toHaveLength(0);
  });

  it('end after a month, and the oldest leave their place', () => {
    const magasin = new Memoire();
    magasin.setItem('autre', 'chose');
    for (let i = 0; i < 60; i += 1) garderBrouillon(magasin, cleBrouillon('a', 'm', 'o', String(i)), brouillon(i + 1));
    expect(magasin).toHaveLength(51);
    expect(lireBrouillon(magasin, cleBrouillon('a', 'm', 'o', '5'), 100)).toBeNull();
    expect(lireBrouillon(magasin, cleBrouillon('a', 'm', 'o', '59'), 100)).not.toBeNull();
    expect(lireBrouillon(magasin, cleBrouillon('a', 'm', 'o', '59'), 31 * 24 * 3600 * 1000 + 60)).toBeNull();
    expect(magasin.getItem('autre')).toBe('chose');
  });

  it.each(['', '{', 'null', '[]', '{"saisie":1}', '{"saisie":{"champs":{}},"le":1}'])('%s is no draft', (texte) => {
    const magasin = new Memoire();
    magasin.setItem('finage.brouillon.x', texte);
    expect(lireBrouillon(magasin, 'finage.brouillon.x', 0)).toBeNull();
  });

  it('that a browser refuses are said not to be kept', () => {
    const plein = new Memoire();
    plein.setItem = () => {
      throw new Error('QuotaExceededError');
    };
    expect(garderBrouillon(plein, 'finage.brouillon.x', brouillon(1))).toBe(false);
    const enorme = { ...brouillon(1), saisie: { ...base, champs: { note: 'x'.repeat(600_000) } } };
    expect(garderBrouillon(new Memoire(), 'finage.brouillon.x', enorme)).toBe(false);
  });
});

describe('a draft put back', () => {
  const neuve: Fiche = { ...fiche, version: 4, champs: { ...fiche.champs, nom: 'Aulne', prix: '9.00' } };
  const base = saisieDe(objet.champs, fiche);
  const brouillon = (champs: Saisie['champs'], plus: Partial<Brouillon> = {}): Brouillon => ({ saisie: { ...base, champs: { ...base.champs, ...champs } }, base, version: 3, le: 7, tus: [], ...plus });

  it('over what others saved since asks before it overwrites it', () => {
    const depart = saisieDe(objet.champs, neuve);
    const { saisie, dispute, restaure } = remettreSur(objet.champs, brouillon({ nom: 'Orme', rang: '7' }), depart, 4);
    expect(restaure).toBe(7);
    expect(dispute?.conflit.champs.map((c) => c.nom)).toEqual(['nom']);
    expect(saisie.champs).toMatchObject({ nom: 'Orme', rang: '7', prix: '9,00' });
    // What is not chosen is the row's.
    expect(fusionner(objet.champs, dispute?.origine ?? base, saisie, depart, new Set()).champs).toMatchObject({ nom: 'Aulne', rang: '7', prix: '9,00' });
  });

  it('asks nothing where nobody else changed its fields', () => {
    const depart = saisieDe(objet.champs, neuve);
    expect(remettreSur(objet.champs, brouillon({ rang: '7' }), depart, 4).dispute).toBeNull();
    expect(remettreSur(objet.champs, brouillon({ nom: 'Aulne' }), depart, 4).dispute).toBeNull();
    expect(remettreSur(objet.champs, brouillon({ nom: 'Orme' }), base, 3).dispute).toBeNull();
  });

  it('of a child is its parent’s alone, and what the link brings is the link’s', () => {
    const sujet = (avec: Record<string, string>): string => sujetBrouillon(objet.champs, null, avec);
    expect(sujet({ liens: 'a' })).not.toBe(sujet({ liens: 'b' }));
    expect(sujet({ liens: 'a', nom: 'x' })).toBe(sujet({ nom: 'x', liens: 'a' }));
    expect(sujet({})).toBe('nouvelle');
    expect(sujetBrouillon(objet.champs, 'id', { liens: 'a' })).toBe('id');
    const depart = saisieDe(objet.champs, null, { liens: 'a' });
    expect(remettreNeuve(brouillon({ liens: ['b'], nom: 'Orme' }), depart, { liens: 'a' }).saisie.champs).toMatchObject({ liens: ['a'], nom: 'Orme' });
  });

  it('keeps no personal field, nor in its key, and says which it lacks', () => {
    const champs = objet.champs.map((c) => (c.nom === 'nom' ? { ...c, niveau: 1 } : c));
    expect(gardable(champs, base).champs).not.toHaveProperty('nom');
    expect(sujetBrouillon(champs, null, { nom: 'Saule' })).toBe('nouvelle');
    const { restaure, tus, saisie } = remettreSur(champs, brouillon({}, { saisie: gardable(champs, base), base: gardable(champs, base), tus: ['nom'] }), base, 3);
    expect([restaure, tus]).toEqual([7, ['nom']]);
    expect(estModifiee(saisie, base)).toBe(false);
  });
});
