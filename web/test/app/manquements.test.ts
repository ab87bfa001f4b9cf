import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nProvider } from '@lingui/react';
import { describe, expect, it } from 'vitest';
import { i18n } from '../../src/app/i18n';
import type { Manquement } from '../../src/app/api/types';
import { Manquements } from '../../src/app/saisie/Manquements';

const delai: Manquement = { regle: 'delai', article: 'CGCT, art. R. 2213-33', message: 'Trop tôt après le décès.', le: '2026-12-01', passable: true };
const ferme: Manquement = { regle: 'titre', article: 'CGCT, art. L. 2223-13', message: 'La concession est échue.', le: null, passable: false };

const montrer = (manquements: Manquement[], plus: { droit?: boolean; change?: boolean } = {}): string =>
  renderToStaticMarkup(
    createElement(I18nProvider, { i18n }, createElement(Manquements, { manquements, droit: true, tour: 1, enCours: false, onPasser: () => undefined, ...plus })),
  );

describe('the rules a write would break', () => {
  it('are each told with their article, and the day from which they would hold', () => {
    const html = montrer([delai, ferme]);
    expect(html).toContain('2 règles s’y opposent');
    for (const dit of [delai.message, delai.article, '1er décembre 2026', ferme.message, ferme.article]) expect(html).toContain(dit);
    expect(html).toContain('tabindex="-1"');
  });

  it('say a day once, and put brackets where parentheses would be doubled', () => {
    const html = montrer([{ ...delai, article: 'R2213-33 (décret n° 2024-790)', message: 'Trop tôt : possible à partir du 1er\u00a0décembre 2026.' }]);
    expect(html).toContain('(R2213-33 [décret n° 2024-790])');
    expect(html).not.toContain('Ce sera possible');
  });

  it('are passed over when all may be, by who may', () => {
    expect(montrer([delai])).toContain('Passer outre…');
    expect(montrer([delai, ferme])).not.toContain('Passer outre…');
    expect(montrer([delai, ferme])).toContain('Nul ne peut passer outre');
    const sans = montrer([delai], { droit: false });
    expect(sans).not.toContain('Passer outre…');
    expect(sans).toContain('Un responsable qui en a le droit');
  });

  it('are judged again before anything is passed over, once the form has changed', () => {
    expect(montrer([delai], { change: true })).not.toContain('Passer outre…');
  });

  it('are nothing when there are none', () => {
    expect(montrer([])).toBe('');
  });
});
