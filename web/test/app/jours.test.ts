import { describe, expect, it } from 'vitest';
import { lireInstantSaisi, lireJourSaisi, montrerDate } from '../../src/app/saisie/jours';

describe('a day', () => {
  it.each([['28/11/2026', '2026-11-28'], ['1/2/2026', '2026-02-01'], ['28112026', '2026-11-28'], ['28.11.2026', '2026-11-28'], [' 28 / 11 / 2026 ', '2026-11-28'], ['2026-11-28', '2026-11-28'], ['29/02/2024', '2024-02-29'], ['01/01/1850', '1850-01-01']])(
    '%s is %s',
    (texte, valeur) => {
      expect(lireJourSaisi(texte)).toEqual({ ok: true, valeur });
    },
  );

  it.each(['31/02/2026', '29/02/2026', '31/04/2026', '00/01/2026', '12/13/2026', '2026-02-30', '31022026', '28/11/0026'])('%s does not exist, and is no other', (texte) => {
    expect(lireJourSaisi(texte)).toEqual({ ok: false, defaut: 'inexistante' });
  });

  it.each(['', '28/11', '28/11/26', 'demain', '2026', '28/11/20266', '28-11-2026-1', '280/11/2026'])('%j is not one yet', (texte) => {
    expect(lireJourSaisi(texte)).toEqual({ ok: false, defaut: 'date' });
  });

  it('is shown as it is typed, and comes back the same', () => {
    expect(montrerDate('date', '2026-11-28')).toBe('28/11/2026');
    expect(montrerDate('date', '31/02/2026')).toBe('31/02/2026');
    expect(lireJourSaisi(montrerDate('date', '1850-01-01'))).toEqual({ ok: true, valeur: '1850-01-01' });
  });
});

describe('an instant', () => {
  it('of the server stays as it is', () => {
    expect(lireInstantSaisi('2026-11-28T08:30:15.123456Z')).toEqual({ ok: true, valeur: '2026-11-28T08:30:15.123456Z' });
    expect(lireInstantSaisi('2026-13-28T08:30:00Z')).toEqual({ ok: false, defaut: 'inexistante' });
  });

  it.each(['28/11/2026 14:30', '28/11/2026 14h30', '28112026 14 h 30', '28/11/2026 à 14:30'])('%s is typed where the reader is', (texte) => {
    const lu = lireInstantSaisi(texte);
    expect(lu.ok && montrerDate('instant', lu.valeur)).toBe('28/11/2026 14:30');
    expect(lu.ok && new Date(lu.valeur).getTime()).toBe(new Date(2026, 10, 28, 14, 30).getTime());
  });

  it('needs an hour that exists', () => {
    expect(lireInstantSaisi('28/11/2026')).toEqual({ ok: false, defaut: 'instant' });
    expect(lireInstantSaisi('28/11/2026 25:00')).toEqual({ ok: false, defaut: 'inexistante' });
    expect(lireInstantSaisi('28/11/2026 14:75')).toEqual({ ok: false, defaut: 'inexistante' });
    expect(lireInstantSaisi('31/02/2026 14:30')).toEqual({ ok: false, defaut: 'inexistante' });
  });
});
