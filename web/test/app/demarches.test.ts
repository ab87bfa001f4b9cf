import { describe, expect, it } from 'vitest';
import type { ChampSchema, Fiche, GenreChamp, Module, Objet } from '../../src/app/api/types';
import { maisonDe } from '../../src/app/fiche/maison';
import { champsDesRaccourcis, raccourcisDe } from '../../src/app/fiche/raccourcis';
import { ecrireValeur } from '../../src/app/liste/ecrire';
import { dansLaPhrase, etapesOffertes, requisVides } from '../../src/app/saisie/etapesOffertes';
import { nommer } from '../../src/app/saisie/nommer';
import { saisir } from '../../src/app/saisie/valeurs';
import { typographier, typographierLibelles } from '../../src/format/typographie';

const champ = (nom: string, genre: GenreChamp, plus: Partial<ChampSchema> = {}): ChampSchema => ({
  nom, libelle: nom, aide: null, genre, obligatoire: false, modifiable: true, niveau: 0, finalite: null,
  visible: null, requis_si: null, codes: null, reference: null, colonne: true, recherche: false, groupe: null, ...plus,
});

const objet: Objet = {
  module: 'essai', objet: 'contrat', libelle: 'Contrat', pluriel: 'Contrats', actions: ['lire', 'creer', 'changer', 'transiter'],
  finalites: [{ id: 'ouverte', libelle: 'Ouverte', permise: true }, { id: 'fermee', libelle: 'Fermée', permise: false }],
  geometrie: null, champs: [champ('etat', 'code', { modifiable: false }), champ('prix', 'montant'), champ('place', 'reference'), champ('motif', 'texte')],
  groupes: [], listes: [], onglets: [], ancrages: [], registre: null,
  documents: [{ id: 'acte', libelle: 'Acte', lot: false, finalite: 'ouverte' }, { id: 'avis', libelle: 'Avis', lot: false, finalite: 'fermee' }],
  etapes: {
    champ: 'etat', initial: 'projet',
    etapes: [
      { id: 'abandonner', libelle: 'Abandonner', de: ['projet'], vers: 'annule', requis: [] },
      { id: 'signer', libelle: 'Signer l’acte', de: ['projet'], vers: 'signe', requis: ['prix'], document: 'acte', tenue: true },
      { id: 'aviser', libelle: 'Aviser', de: ['projet'], vers: 'avise', requis: [], document: 'avis' },
      { id: 'passer', libelle: 'Passer', de: ['projet'], vers: 'passe', requis: ['prix'], tenue: false },
      { id: 'clore', libelle: 'Clore', de: ['signe'], vers: 'clos', requis: ['motif'] },
      { id: 'rouvrir', libelle: 'Rouvrir', de: ['signe'], vers: 'projet', requis: [] },
    ],
  },
};
const fiche = (champs: Fiche['champs']): Fiche => ({
  id: 'ici', version: 1, insee: null, propre: true, creee_le: '', archivee_le: null, titre: 'Contrat 1', champs, libelles: {}, geometrie: null,
});
const rien = { fiche: null, visibles: new Set(['prix', 'place']), record: {}, permises: [] };
const ids = (...args: Parameters<typeof etapesOffertes>): string[] => etapesOffertes(...args).map((e) => e.id);

describe('steps offered beside « Enregistrer »', () => {
  it('are those of the state that the form can fill, for who may take them and their documents', () => {
    expect(ids(objet, rien)).toEqual(['signer']);
    expect(ids({ ...objet, actions: ['lire', 'creer'] }, rien)).toEqual([]);
    expect(ids({ ...objet, etapes: null }, rien)).toEqual([]);
    // Without the field that it requires, the step is taken from the sheet.
    expect(ids(objet, { ...rien, visibles: new Set() })).toEqual([]);
    expect(ids(objet, { ...rien, visibles: new Set(), record: { prix: '3.00' } })).toEqual(['signer']);
  });

  it('follow the row that is made, and what the server says of it', () => {
    const signee = fiche({ etat: 'signe' });
    const visibles = new Set(['motif']);
    expect(ids(objet, { ...rien, fiche: signee, visibles })).toEqual(['clore']);
    expect(ids(objet, { ...rien, fiche: signee, visibles, permises: [{ id: 'clore', obstacle: 'role', manquants: [] }] })).toEqual(['rouvrir']);
    // What the condition of a step says of a row can change with the form: the server judges.
    expect(ids(objet, { ...rien, fiche: signee, visibles, permises: [{ id: 'clore', obstacle: 'garde', manquants: [] }] })).toEqual(['clore']);
  });

  it('say what they still ask, and read as a sentence', () => {
    const [, signer] = objet.etapes?.etapes ?? [];
    if (!signer) throw new Error('aucune étape');
    expect(requisVides(signer, { prix: null })).toEqual(['prix']);
    expect(requisVides(signer, { prix: '0.00' })).toEqual([]);
    expect(dansLaPhrase('Signer l’acte')).toBe('signer l’acte');
    expect(dansLaPhrase('Émettre')).toBe('émettre');
    expect(dansLaPhrase('PV à établir')).toBe('PV à établir');
  });
});

describe('what a sheet makes in one press', () => {
  const avecRaccourcis: Objet = {
    ...objet,
    raccourcis: [
      { module: 'essai', objet: 'operation', libelle: 'Nouvelle opération', condition: null, avec: { place: { champ: 'place' }, contrat: { champ: 'id' }, genre: { valeur: 'inhumation' }, motif: { champ: 'motif' } } },
      { module: 'essai', objet: 'ferme', libelle: 'Fermée', condition: null, avec: {} },
    ],
  };
  const modules = [
    { id: 'essai', objets: [{ id: 'operation', actions: ['lire', 'creer'] }, { id: 'ferme', actions: ['lire'] }] },
  ] as unknown as Module[];

  it('begins with the values of the row, for who may make it', () => {
    const [un, ...autres] = raccourcisDe(avecRaccourcis, fiche({ place: 'la', motif: null }), modules);
    expect(autres).toEqual([]);
    expect(un?.vers.avec).toEqual({ place: 'la', contrat: 'ici', genre: 'inhumation' });
  });

  it('reads what it needs of the rows of a list, nothing personal', () => {
    const condition = { op: 'and', args: [{ op: '=', args: [{ property: 'etat' }, 'signe'] }, { op: 'isNull', args: [{ property: 'secret' }] }] };
    const champs = [...objet.champs, champ('secret', 'texte', { niveau: 1 })];
    expect(champsDesRaccourcis({ ...avecRaccourcis, champs, raccourcis: [{ module: 'essai', objet: 'operation', libelle: '', condition, avec: { place: { champ: 'place' }, c: { champ: 'id' } } }] })).toEqual(['etat', 'place']);
  });

  it('is not offered where its condition is not known to hold', () => {
    const condition = { op: '=', args: [{ property: 'motif' }, 'vente'] };
    const [premier] = avecRaccourcis.raccourcis ?? [];
    if (!premier) throw new Error('aucun raccourci');
    const conditionnel: Objet = { ...objet, raccourcis: [{ ...premier, condition }] };
    expect(raccourcisDe(conditionnel, fiche({ motif: 'vente' }), modules)).toHaveLength(1);
    expect(raccourcisDe(conditionnel, fiche({ motif: null }), modules)).toEqual([]);
  });

  it('comes back to the row it belongs to, unless it has steps', () => {
    const ligne: Objet = { ...objet, objet: 'ligne', etapes: null, parent: 'place', champs: [champ('place', 'reference', { reference: { module: 'essai', objet: 'emplacement' } })] };
    expect(maisonDe(ligne, { place: 'la' })).toMatchObject({ module: 'essai', objet: 'emplacement', page: 'la', onglet: 'essai.ligne' });
    expect(maisonDe(ligne, {})).toBeNull();
    expect(maisonDe({ ...ligne, etapes: objet.etapes }, { place: 'la' })).toBeNull();
  });

  it('is not offered on what is archived or another’s', () => {
    expect(raccourcisDe(avecRaccourcis, { ...fiche({}), archivee_le: '2026-01-01T00:00:00Z' }, modules)).toEqual([]);
    expect(raccourcisDe(avecRaccourcis, { ...fiche({}), propre: false }, modules)).toEqual([]);
  });
});

describe('a row named by what was typed to find it', () => {
  const champs = [champ('nom', 'texte', { recherche: true }), champ('prenoms', 'texte'), champ('note', 'texte')];
  it('fills the fields of its title', () => {
    expect(nommer({ champs, titre: ['nom', 'prenoms'] }, '  Fictive   Anne Marie ')).toEqual({ nom: 'Fictive', prenoms: 'Anne Marie' });
    expect(nommer({ champs, titre: ['nom', 'prenoms'] }, 'Fictive')).toEqual({ nom: 'Fictive' });
    expect(nommer({ champs, titre: ['nom'] }, 'Pompes du Val')).toEqual({ nom: 'Pompes du Val' });
    // A title of references alone: the first field that is searched.
    expect(nommer({ champs, titre: [] }, 'Pompes du Val')).toEqual({ nom: 'Pompes du Val' });
    expect(nommer({ champs, titre: ['nom'] }, ' ')).toEqual({});
  });
});

describe('how things are written', () => {
  const mots = { oui: 'oui', non: 'non' };
  it('leaves years whole, and no zero at the end of a decimal', () => {
    const annee = champ('a', 'entier', { format: 'annee' });
    expect(ecrireValeur(annee, 2056, undefined, mots)).toBe('2056');
    expect(saisir(annee, 2056)).toBe('2056');
    expect(ecrireValeur(champ('n', 'entier'), 2056, undefined, mots)).toBe('2\u202f056');
    const places = champ('p', 'decimal');
    for (const [lu, dit] of [['4.0', '4'], ['2.50', '2,5'], ['100', '100'], ['0.0', '0'], ['-1.0', '−1']] as const) {
      expect(ecrireValeur(places, lu, undefined, mots)).toBe(dit);
      expect(saisir(places, lu)).toBe(dit);
    }
    expect(ecrireValeur(champ('m', 'montant'), '4.00', undefined, mots)).toBe('4,00\u202f€');
  });

  it('curves apostrophes between letters, in what is shown alone', () => {
    expect(typographier("L'acte n'est pas signé : 'oui' d'abord")).toBe("L’acte n’est pas signé : 'oui' d’abord");
    const lu = { libelle: "Date de l'acte", nom: "l'acte", codes: [{ code: "d'un", libelle: "l'un" }], propose: "'d'un'" };
    expect(typographierLibelles(lu)).toEqual({ libelle: 'Date de l’acte', nom: "l'acte", codes: [{ code: "d'un", libelle: 'l’un' }], propose: "'d'un'" });
  });
});
