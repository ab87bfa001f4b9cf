import { describe, expect, it } from 'vitest';
import type { ChampSchema, GenreChamp } from '../../src/app/api/types';
import { ecrireFiltre } from '../../src/app/filtre/ecrire';
import { lireFiltre } from '../../src/app/filtre/lire';
import { avecOperateur, conditionSur, nombreDeValeurs, operateursDe, type Condition } from '../../src/app/filtre/modele';

const GENRES: GenreChamp[] = ['texte', 'texte_long', 'entier', 'decimal', 'montant', 'date', 'instant', 'booleen', 'code', 'reference', 'references', 'fichier', 'riche'];

const champ = (nom: string, genre: GenreChamp): ChampSchema => ({
  nom, libelle: nom, aide: null, genre, obligatoire: false, modifiable: true, niveau: 0, finalite: null,
  visible: null, requis_si: null, codes: null, reference: null, colonne: true, recherche: false, groupe: null,
});
const champs = [...GENRES.map((g) => champ(`c_${g}`, g)), champ('date', 'date')];

const EXEMPLES: Readonly<Partial<Record<GenreChamp, string>>> = {
  entier: '-12', decimal: '12.50', montant: '1234567890123456.99', date: '2026-11-28', instant: '2026-11-28T08:30:00Z',
};

/** A condition of each operator of each kind, with a value that needs care where the kind allows it. */
const toutes: Condition[] = champs.flatMap((c) =>
  operateursDe(c.genre).map((operateur) => {
    const n = nombreDeValeurs(operateur);
    const exemple = operateur === 'depuis' ? 'P3M' : (EXEMPLES[c.genre] ?? `l'Étang 100 % \\_ "ou" and`);
    return { champ: c.nom, operateur, valeurs: n === null ? [exemple, exemple] : Array.from({ length: n }, () => exemple) };
  }),
);

describe('a filter and its text', () => {
  it.each(toutes)('gives back $champ $operateur', (condition) => {
    const texte = ecrireFiltre({ lien: 'et', conditions: [condition] }, champs);
    expect(texte).not.toBe('');
    expect(lireFiltre(texte, champs)).toEqual({ lien: 'et', conditions: [condition] });
  });

  it('gives back all of them at once, joined either way', () => {
    for (const lien of ['et', 'ou'] as const) {
      const filtre = { lien, conditions: toutes };
      expect(lireFiltre(ecrireFiltre(filtre, champs), champs)).toEqual(filtre);
    }
  });

  it('writes the language of the server', () => {
    const ecrit = (condition: Condition): string => ecrireFiltre({ lien: 'et', conditions: [condition] }, champs);
    expect(ecrit({ champ: 'c_texte', operateur: 'contient', valeurs: ["100 % d'eau"] })).toBe("c_texte like '%100 \\% d''eau%'");
    expect(ecrit({ champ: 'c_date', operateur: 'entre', valeurs: ['2026-01-01', '2026-06-30'] })).toBe("c_date between date('2026-01-01') and date('2026-06-30')");
    expect(ecrit({ champ: 'date', operateur: 'depuis', valeurs: ['P7D'] })).toBe(`"date" >= today() - 'P7D'`);
    expect(ecrit({ champ: 'c_code', operateur: 'hors', valeurs: ['a', 'b'] })).toBe("c_code not in ('a', 'b')");
    expect(ecrit({ champ: 'c_entier', operateur: 'different', valeurs: ['3'] })).toBe('(c_entier <> 3 or c_entier is null)');
  });

  it('leaves out what is not complete, and what is no value of the kind', () => {
    const conditions: Condition[] = [
      { champ: 'c_texte', operateur: 'egal', valeurs: [''] },
      { champ: 'c_entier', operateur: 'egal', valeurs: ['3 or 1=1'] },
      { champ: 'c_date', operateur: 'egal', valeurs: ["2026') or ('1"] },
      { champ: 'c_code', operateur: 'parmi', valeurs: [] },
      { champ: 'inconnu', operateur: 'vide', valeurs: [] },
      { champ: 'c_date', operateur: 'depuis', valeurs: ["P1' or '1"] },
    ];
    expect(ecrireFiltre({ lien: 'et', conditions }, champs)).toBe('');
  });

  it.each([
    'c_texte = c_code', 'inconnu = 1', "c_texte like 'a%b%'", 'not c_booleen = true', 'c_entier = 1 and (c_entier = 2 or c_entier = 3)',
    "c_entier = 1 and c_entier = 2 or c_texte = 'a'", "c_texte = 'a", 'c_date < today()', '((((', 'c_entier < 3', 'c_texte is', 'a;b', "c_fichier = 'x'",
    'x'.repeat(20_000),
  ])('leaves %.40s to the server', (texte) => {
    expect(lireFiltre(texte, champs)).toBeNull();
  });

  it('reads what people write otherwise', () => {
    expect(lireFiltre('', champs)?.conditions).toEqual([]);
    expect(lireFiltre("C_CODE = 'a'", champs)).toBeNull();
    expect(lireFiltre("c_code='a' AND c_entier  IS NOT NULL", champs)?.conditions).toEqual([
      { champ: 'c_code', operateur: 'parmi', valeurs: ['a'] },
      { champ: 'c_entier', operateur: 'rempli', valeurs: [] },
    ]);
  });
});

describe('a condition being made', () => {
  it('starts with the likeliest question of its field and keeps what still holds', () => {
    const debut = conditionSur(champ('c_decimal', 'decimal'));
    expect(debut).toEqual({ champ: 'c_decimal', operateur: 'egal', valeurs: [''] });
    const entre = avecOperateur({ ...debut, valeurs: ['3'] }, 'entre');
    expect(entre.valeurs).toEqual(['3', '']);
    expect(avecOperateur(entre, 'vide').valeurs).toEqual([]);
    expect(avecOperateur(entre, 'parmi').valeurs).toEqual(['3']);
  });
});
