import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ExpressionRefusee } from '../src/expressions/arbre';
import { typesDesChamps } from '../src/expressions/champs';
import { type Contexte, type Fiche, evaluer, evaluerValeur, preparer } from '../src/expressions/evaluer';
import type { Type } from '../src/expressions/valeurs';

/** One expression on one record; what is written in `erreur` is the server's to say. */
interface Vecteur {
  expression: string;
  record?: Fiche;
  attendu?: unknown;
  type?: string;
  erreur?: string;
  user?: Fiche;
  cql2?: boolean;
}

interface Vecteurs {
  aujourd_hui: string;
  user: Fiche;
  vecteurs: Vecteur[];
  valeurs: Vecteur[];
}

/** The same expressions as trees, null for a text that is refused; and the schema they are read against. */
interface Arbres {
  proprietes: [nom: string, type: string, colonne: string][];
  attributs: [nom: string, type: string][];
  vecteurs: unknown[];
  valeurs: unknown[];
}

const TYPES: Readonly<Record<string, Type>> = {
  text: 'texte',
  bigint: 'entier',
  numeric: 'decimal',
  boolean: 'booleen',
  date: 'date',
  timestamptz: 'instant',
  uuid: 'identifiant',
  'text[]': 'textes',
  'uuid[]': 'identifiants',
};

/** JSON whose integers too large for `number` are `bigint`: the vectors tell 2^53 from its successor. */
function lireExact(chemin: string): unknown {
  const texte = readFileSync(new URL(`../../crates/finage-expr/tests/${chemin}`, import.meta.url), 'utf8');
  const marque = texte.replace(/([[,:]\s*)(-?\d{16,})(?=\s*[,\]}])/g, '$1{"$entier":"$2"}');
  return JSON.parse(marque, (_, valeur: unknown) =>
    typeof valeur === 'object' && valeur !== null && '$entier' in valeur ? BigInt(String(valeur.$entier)) : valeur,
  );
}

const vecteurs = lireExact('vecteurs.json') as Vecteurs;
const arbres = lireExact('vecteurs_json.json') as Arbres;

const type = (nom: string): Type => {
  const connu = TYPES[nom];
  if (connu === undefined) throw new Error(nom);
  return connu;
};

const types = Object.fromEntries([
  ...arbres.proprietes.map(([nom, sql]) => [nom, type(sql)] as const),
  ...arbres.attributs.map(([nom, sql]) => [`user.${nom}`, type(sql)] as const),
  // What the server computes in SQL, the floor or else the rank, comes to the browser as a field.
  ['niveau', 'entier'] as const,
]);

const contexte = (vecteur: Vecteur): Contexte => ({
  types,
  aujourdhui: vecteurs.aujourd_hui,
  utilisateur: vecteur.user ?? vecteurs.user,
});

function fiche({ record = {} }: Vecteur): Fiche {
  const lues = arbres.proprietes.map(([nom, , colonne]) => [nom, record[colonne]] as const);
  return Object.fromEntries([...lues, ['niveau', record.etage ?? record.rang] as const]);
}

/** Each vector with its tree, under a name that tells it from others of the same text. */
const couples = (liste: Vecteur[], trees: unknown[]): [texte: string, vecteur: Vecteur, arbre: unknown][] =>
  liste.map((vecteur, rang) => [`${vecteur.expression} — ${JSON.stringify(vecteur.record ?? {}, ecrireBigint)}`, vecteur, trees[rang]]);

const ecrireBigint = (_: string, valeur: unknown): unknown => (typeof valeur === 'bigint' ? valeur.toString() : valeur);

/** A text that the server refuses has no tree, and no answer to give here. */
const avecArbre = ([, , arbre]: [string, Vecteur, unknown]): boolean => arbre !== null;

const conditions = couples(vecteurs.vecteurs, arbres.vecteurs);
const valeurs = couples(vecteurs.valeurs, arbres.valeurs);

describe('the vectors of the server', () => {
  it('come whole, with a tree each unless their text is refused', () => {
    expect(arbres.vecteurs).toHaveLength(vecteurs.vecteurs.length);
    expect(arbres.valeurs).toHaveLength(vecteurs.valeurs.length);
    expect(conditions.filter(avecArbre).length).toBeGreaterThan(200);
    expect(valeurs.filter(avecArbre).length).toBeGreaterThan(50);
    for (const [texte, vecteur, arbre] of [...conditions, ...valeurs]) {
      if (arbre === null) expect(vecteur.erreur, texte).toBeDefined();
    }
  });

  it.each(conditions.filter(avecArbre))('%s', (_, vecteur, arbre) => {
    const reponse = (): boolean | null => evaluer(arbre, fiche(vecteur), contexte(vecteur));
    if (vecteur.erreur === undefined) expect(reponse()).toBe(vecteur.attendu);
    else expect(reponse).toThrow(ExpressionRefusee);
  });

  it.each(valeurs.filter(avecArbre))('value: %s', (_, vecteur, arbre) => {
    const valeur = (): unknown => evaluerValeur(arbre, fiche(vecteur), contexte(vecteur));
    if (vecteur.erreur === undefined) expect(valeur()).toStrictEqual(vecteur.attendu);
    else expect(valeur).toThrow(ExpressionRefusee);
  });
});

const propriete = (property: string): unknown => ({ property });
const appel = (op: string, ...args: unknown[]): unknown => ({ op, args });
const sur = (expression: unknown, valeurs: Fiche): boolean | null =>
  evaluer(expression, valeurs, { types, aujourdhui: '2026-06-15' });

describe('an expression from outside', () => {
  const imbriquee = (niveaux: number): unknown => {
    let arbre: unknown = appel('isNull', propriete('nom'));
    for (let niveau = 2; niveau < niveaux; niveau += 1) arbre = appel('not', arbre);
    return arbre;
  };

  it('is no deeper than 32 levels', () => {
    expect(sur(imbriquee(32), {})).toBe(true);
    expect(() => sur(imbriquee(33), {})).toThrow(ExpressionRefusee);
    expect(() => sur(imbriquee(20_000), {})).toThrow(ExpressionRefusee);
    const deplacee = appel('=', appel('+', propriete('depot'), appel('years', propriete('etage'))), { date: '2026-01-01' });
    const sous = (niveaux: number): unknown => (niveaux === 0 ? deplacee : appel('not', sous(niveaux - 1)));
    expect(sur(sous(28), {})).toBeNull();
    expect(() => sur(sous(29), {})).toThrow(ExpressionRefusee);
  });

  it('has no more than 1,000 nodes', () => {
    const liste = (nombre: number): unknown => appel('in', propriete('etage'), Array<number>(nombre).fill(1));
    expect(sur(liste(998), { etage: 1 })).toBe(true);
    expect(() => sur(liste(999), { etage: 1 })).toThrow(ExpressionRefusee);
  });

  const refusees: unknown[] = [
    null,
    undefined,
    1,
    'nom',
    [],
    {},
    appel('and', true),
    appel('not'),
    appel('not', true, true),
    appel('=', 1),
    appel('=', 1, null),
    appel('=', 1, [1]),
    appel('=', 1, NaN),
    appel('=', 1, 1e300),
    appel('=', 1, Number('0.12345678901234567')),
    appel('=', 1, 2 ** 53),
    appel('=', 1, 10n ** 18n),
    appel('in', 1, []),
    appel('in', 1, 'a'),
    appel('in', 'a', appel('today')),
    appel('like', propriete('nom'), 1),
    appel('like', propriete('nom'), '\\'),
    appel('like', propriete('nom'), 'a'.repeat(1001)),
    appel('between', 1, 2),
    appel('s_intersects', 1, 2),
    appel('constructor', 1, 2),
    { op: '=', args: [1, 1], plus: 1 },
    { op: '=', args: { 0: 1, 1: 1, length: 2 } },
    appel('=', propriete(''), 1),
    appel('=', propriete('a'.repeat(129)), 1),
    appel('=', propriete('nom'), 'a\0'),
    appel('=', propriete('depot'), { date: '2026' }),
    appel('=', propriete('depot'), { date: '2026-02-29' }),
    appel('=', propriete('depot'), { date: '0000-01-01' }),
    appel('=', propriete('vu'), { timestamp: '2026-01-01T00:00:00+01:00' }),
    appel('=', propriete('vu'), { timestamp: '2026-01-01T00:00:00.0000001Z' }),
    appel('=', propriete('depot'), appel('today', 1)),
    appel('=', propriete('depot'), appel('+', propriete('depot'), 'P1W')),
    appel('=', propriete('depot'), appel('+', propriete('depot'), 'P')),
    appel('=', propriete('depot'), appel('+', propriete('depot'), 'P1001Y')),
    appel('=', propriete('depot'), appel('+', propriete('depot'), 'P1000Y1M')),
    appel('=', propriete('depot'), appel('+', 'a', 'P1D')),
    appel('=', propriete('depot'), appel('+', propriete('depot'), appel('years', 3))),
    appel('=', propriete('depot'), appel('+', propriete('depot'), appel('toString', propriete('etage')))),
    appel('=', propriete('depot'), appel('+', appel('+', propriete('depot'), 'P1D'), 'P1D')),
    appel('=', propriete('constructor'), 1),
    appel('=', propriete('__proto__'), 1),
  ];

  it.each(refusees.map((arbre, rang) => [rang, arbre] as const))('is refused when it is not one (%i)', (_, arbre) => {
    expect(() => sur(arbre, {})).toThrow(ExpressionRefusee);
  });

  it('ends, whatever its pattern', () => {
    const modele = appel('like', propriete('nom'), `${'%a'.repeat(499)}b`);
    expect(sur(modele, { nom: 'a'.repeat(20_000) })).toBe(false);
  });
});

describe('a value of a record', () => {
  const dUnAutreType: [nom: string, valeur: unknown][] = [
    ['nom', 1],
    ['etage', '1'],
    ['etage', 1.5],
    ['etage', 2 ** 53],
    ['etage', 2n ** 63n],
    ['surface', '1,5'],
    ['surface', ''],
    ['surface', '0.0000000000001'],
    ['surface', Infinity],
    ['actif', 'true'],
    ['depot', '15/06/2026'],
    ['depot', '2026-06-31'],
    ['depot', '2026-06-15T00:00:00Z'],
    ['vu', '2026-06-15'],
    ['vu', '2026-06-15T25:00:00Z'],
    ['cle', 'abc'],
    ['liens', 'abc'],
    ['liens', ['abc']],
    ['liens', [null]],
    ['nom', undefined],
    ['nom', ['a']],
  ];

  it.each(dUnAutreType.map(([nom, valeur]) => [nom, String(valeur), valeur] as const))('of another type is none: %s, %s', (nom, _, valeur) => {
    expect(sur(appel('isNull', propriete(nom)), { [nom]: valeur })).toBe(true);
  });

  it('is its own, not what every object has', () => {
    const typesHostiles = { constructor: 'texte', toString: 'texte' } as const;
    for (const nom of ['constructor', 'toString']) {
      expect(evaluer(appel('isNull', propriete(nom)), {}, { types: typesHostiles, aujourdhui: '2026-06-15' })).toBe(true);
    }
  });

  it('is found under record. in the form of the record itself', () => {
    const expression = appel('=', propriete('record.nom'), propriete('nom'));
    expect(sur(expression, { nom: 'a' })).toBe(true);
  });

  it('is asked again at each change, without reading the expression anew', () => {
    const reponse = preparer(appel('>', propriete('surface'), 10), types);
    const ou = { aujourdhui: '2026-06-15' };
    expect([{ surface: '10' }, { surface: '10.000000000001' }, {}].map((une) => reponse(une, ou))).toEqual([false, true, null]);
  });
});

describe('the types of fields', () => {
  it('come from the schema of their object', () => {
    const champs = [
      { nom: 'designation', genre: 'texte' },
      { nom: 'statut', genre: 'code' },
      { nom: 'valeur', genre: 'montant' },
      { nom: 'lieu', genre: 'reference' },
      { nom: 'photos', genre: 'references' },
      { nom: 'trace', genre: 'geometrie' },
      { nom: 'piege', genre: 'constructor' },
    ];
    const lus = typesDesChamps(champs, { email: 'texte' });
    expect(lus).toEqual({
      designation: 'texte',
      statut: 'texte',
      valeur: 'decimal',
      lieu: 'identifiant',
      photos: 'identifiants',
      'user.email': 'texte',
    });
    const expression = appel('and', appel('=', propriete('statut'), 'en_depot'), appel('>=', propriete('valeur'), 12.5));
    expect(evaluer(expression, { statut: 'en_depot', valeur: '12.50' }, { types: lus, aujourdhui: '2026-06-15' })).toBe(true);
  });
});
