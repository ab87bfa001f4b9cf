import { describe, expect, it } from 'vitest';
import type { Resultat } from '../../src/api/types';
import type { Module } from '../../src/app/api/types';
import { groupesDe } from '../../src/app/cadre/lignesRecherche';

const ID = '00000000-0000-4000-8000-00000000000';
const resultat = (type: string, name: string, plus: object = {}, coordinates: [number, number] | null = [2.35, 44.4]): Resultat =>
  ({ type: 'Feature', geometry: coordinates && { type: 'Point', coordinates }, properties: { type, id: name, name, label: name, context: 'Objet trouvé', city: 'Valbrume', citycode: '99101', score: 1, bbox: null, ...plus } }) as unknown as Resultat;
const fiche = (n: number, url = `/app/m/o/${ID}${String(n)}`): Resultat => resultat('fiche', `Fiche ${String(n)}`, { id: `${ID}${String(n)}`, url });
const modules = [{ id: 'm', objets: [{ id: 'o', pluriel: 'Objets trouvés' }] }] as unknown as Module[];

describe('the search of the header', () => {
  it('puts rows by object, before places, and leads to all of them with the same words', () => {
    const groupes = groupesDe([resultat('parcelle', 'AB 145', { id: '991010000AB0145' }), fiche(1), fiche(2), fiche(3, `/app/m/autre/${ID}3`)], 'saule', modules);
    expect(groupes.map((g) => g.titre)).toEqual(['Objets trouvés', 'Objet trouvé', null]);
    const [objets] = groupes;
    expect(objets?.lignes.map((l) => l.tous)).toEqual([false, false, true]);
    expect(objets?.lignes[0]?.vers).toMatchObject({ dedans: { module: 'm', objet: 'o', page: `${ID}1` } });
    expect(objets?.lignes[2]?.vers).toMatchObject({ dedans: { module: 'm', objet: 'o', q: 'saule', page: null } });
  });

  it('opens places on the map', () => {
    const vers = (r: Resultat): unknown => groupesDe([r], 'x', [])[0]?.lignes[0]?.vers;
    expect(vers(resultat('parcelle', 'AB 145', { id: '991010000AB0145' }))).toEqual({ dehors: '/carte?parcelle=991010000AB0145&q=AB+145' });
    expect(vers(resultat('locality', 'Le Pré'))).toEqual({ dehors: '/carte?q=Le+Pr%C3%A9#18/44.4/2.35' });
    expect(vers(resultat('housenumber', '12 rue'))).toEqual({ dehors: '/carte?q=12+rue&repere=2.35,44.4#18/44.4/2.35' });
    expect(vers(resultat('municipality', 'Valbrume', {}, null))).toEqual({ dehors: '/carte?q=Valbrume' });
  });

  it('follows no address but those of this application', () => {
    for (const url of ['https://ailleurs.example/app/m/o/1', '//ailleurs.example', 'javascript:alert(1)', '/app', '/app/m', '/compte', '']) {
      expect(groupesDe([fiche(1, url)], 'x', modules)).toEqual([]);
    }
  });
});
