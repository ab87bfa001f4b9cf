import { describe, expect, it } from 'vitest';
import type { ChampSchema, GenreChamp, Objet, PasHistorique } from '../../src/app/api/types';
import { defautFichier } from '../../src/app/fiche/acceptes';
import { etapeFranchie, jointAvec, nomEtat } from '../../src/app/fiche/etats';
import { acceptees, parLigne, phrase } from '../../src/app/import/phrases';
import { gabaritDe } from '../../src/app/liste/gabarit';

describe('a trial', () => {
  it('gives reasons as sentences, by line', () => {
    expect(phrase('il ne peut pas être vide')).toBe('Il ne peut pas être vide.');
    expect(phrase('« x » n’est pas une date.')).toBe('« x » n’est pas une date.');
    expect(phrase('élève inconnu ?')).toBe('Élève inconnu ?');
    expect(phrase('  ')).toBe('');
    const rejet = (ligne: number, motif: string) => ({ ligne, colonne: null, valeur: null, motif });
    expect(parLigne([rejet(7, 'a'), rejet(2, 'b'), rejet(7, 'c')]).map((r) => r.motif)).toEqual(['b', 'a', 'c']);
  });

  it('adds up', () => {
    const bilan = { ecrit: false, lues: 10, creees: 3, changees: 2, inchangees: 1, archivees: 1, rejetees: 3, anomalies: 2, rejets: [] };
    expect(acceptees(bilan) + bilan.rejetees).toBe(bilan.lues);
  });
});

describe('a file to attach', () => {
  it('is refused by its kind, its size, its emptiness', () => {
    expect(defautFichier({ name: 'Plan.PDF', size: 10 })).toBeNull();
    expect(defautFichier({ name: 'plan.pdf.exe', size: 10 })).toBe('genre');
    expect(defautFichier({ name: 'plan', size: 10 })).toBe('genre');
    expect(defautFichier({ name: 'plan.pdf', size: 20 * 1024 * 1024 })).toBeNull();
    expect(defautFichier({ name: 'plan.pdf', size: 20 * 1024 * 1024 + 1 })).toBe('long');
    expect(defautFichier({ name: 'plan.pdf', size: 0 })).toBe('vide');
  });
});

const champ = (nom: string, genre: GenreChamp, codes: ChampSchema['codes'] = null): ChampSchema => ({
  nom, libelle: nom, aide: null, genre, obligatoire: false, modifiable: true, niveau: 0, finalite: null,
  visible: null, requis_si: null, codes, reference: null, colonne: true, recherche: false, groupe: null,
});

describe('a step in the past', () => {
  const objet: Pick<Objet, 'etapes' | 'champs'> = {
    champs: [champ('etat', 'code', [{ code: 'depose', libelle: 'En dépôt' }, { code: 'rendu', libelle: 'Rendu' }])],
    etapes: { champ: 'etat', initial: 'depose', etapes: [{ id: 'rendre', libelle: 'Rendre', de: ['depose'], vers: 'rendu', requis: [], document: 'recu' }] },
  };
  const pas = (avant: PasHistorique['avant'], apres: PasHistorique['apres'], operation = 'changement') => ({ operation, avant, apres, le: '2026-11-28T10:00:00Z' }) as PasHistorique;

  it('has its own name and those of its states', () => {
    expect(etapeFranchie(objet, pas({ etat: 'depose' }, { etat: 'rendu' }))).toEqual({ etapes: ['Rendre'], de: 'En dépôt', vers: 'Rendu', document: true });
    expect(nomEtat(objet, 'inconnu')).toBe('inconnu');
  });

  it('is no plain change, nor what no step explains', () => {
    expect(etapeFranchie(objet, pas({ nom: 'a' }, { nom: 'b' }))).toBeNull();
    expect(etapeFranchie(objet, pas({}, { etat: 'depose' }, 'creation'))).toBeNull();
    expect(etapeFranchie(objet, pas({ etat: 'rendu' }, { etat: 'depose' }))).toEqual({ etapes: [], de: 'Rendu', vers: 'En dépôt', document: false });
    expect(etapeFranchie({ ...objet, etapes: null }, pas({ etat: 'depose' }, { etat: 'rendu' }))).toBeNull();
  });

  it('has the document laid in its moment, not another', () => {
    expect(jointAvec('2026-11-28T10:00:01.5Z', '2026-11-28T10:00:00Z')).toBe(true);
    expect(jointAvec('2026-11-28T10:01:00Z', '2026-11-28T10:00:00Z')).toBe(false);
    expect(jointAvec('', '2026-11-28T10:00:00Z')).toBe(false);
  });
});

describe('the columns of a list', () => {
  it('keep three in sight beside a sheet, the title giving way', () => {
    const colonnes = ['texte', 'code', 'date'].map((g, i) => champ(String(i), g as GenreChamp));
    expect(gabaritDe(colonnes, 28).largeur).toBeLessThanOrEqual(28);
    expect(gabaritDe(colonnes, 60).largeur).toBeGreaterThan(28);
    expect(gabaritDe(colonnes, 28).pistes.split(' ')).toHaveLength(1 + 2 * 4);
  });
});
