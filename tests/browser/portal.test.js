// The public pages: without JavaScript, by keyboard, at 320 px and 200 %, in both colour schemes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, BUREAU, capture, URL_SERVEUR, visiter } from './support/browser.js';
import { adresse, communes, lieuxDits, parcelle, reference } from './support/sample.js';

const ref = reference(parcelle);
const SECTION = parcelle.id.slice(0, 10);
/** The page that lists a street or a lieu-dit: only the search leads there. */
const liste = async (nom, genre) => {
  const reponse = await (await fetch(`${URL_SERVEUR}/recherche?q=${encodeURIComponent(nom)}`)).text();
  return new RegExp(`href="(/commune/\\d+\\?${genre}=[^"]+)"`).exec(reponse)[1].replaceAll('&amp;', '&').replaceAll('&#38;', '&');
};
const PAGES = [
  ['accueil', '/'],
  ['recherche', '/recherche?q=valbrume'],
  ['recherche-vide', '/recherche?q=zzqxw+99999'],
  ['parcelle', `/parcelle/${parcelle.id}`],
  ['commune', `/commune/${parcelle.commune}`],
  ['section', `/commune/${parcelle.commune}?section=${SECTION}`],
  ['voie', await liste(adresse.libelle.replace(/^\d+ /, ''), 'voie')],
  ['lieu-dit', await liste(lieuxDits[0].nom, 'lieudit')],
  ['commune-sans-donnees', '/commune/13004'],
  ['services', '/services'],
  ['accessibilite', '/accessibilite'],
  ['mentions', '/mentions'],
  ['extraits', '/extraits'],
  ['introuvable', '/nulle-part'],
  ['parcelle-inconnue', `/parcelle/${parcelle.commune}000ZZ9999`],
  ['parcelle-malformee', '/parcelle/nimporte-quoi'],
  ['travail-inconnu', '/travaux/0f8fad5b-d9cb-469f-a165-70867728950e'],
];
// A refusal is an error of the console too.
const TOLERE = [/status of 404/];
const debordement = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
/** Fields and buttons that cross the side of the block they stand in. */
const sortis = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('section :is(select, input, textarea, .bouton)')]
      .filter((e) => e.getBoundingClientRect().right > e.closest('section').getBoundingClientRect().right - parseFloat(getComputedStyle(e.closest('section')).paddingRight) + 1)
      .map((e) => e.id || e.textContent),
  );
const champ = (page) => page.getByLabel('Parcelle, adresse, lieu-dit ou commune');
const page = (path, scenario, options = {}) => visiter(path, scenario, { attendreCarte: false, tolere: TOLERE, ...options });

for (const [nom, path] of PAGES) {
  test(`${nom}: no fault for axe, one h1, ordered headings, a title of its own`, () =>
    page(path, async (p) => {
      await accessible(p, nom);
      assert.equal(await p.getByRole('heading', { level: 1 }).count(), 1);
      for (const role of ['banner', 'main', 'contentinfo', 'search']) assert.equal(await p.getByRole(role).count(), 1, role);
      await capture(p, `portail-${nom}`);
      await p.emulateMedia({ colorScheme: 'dark' });
      await accessible(p, `${nom}, sombre`);
      if (nom === 'parcelle' || nom === 'accueil') await capture(p, `portail-${nom}-sombre`);
    }));

  test(`${nom}: nothing to scroll sideways at 320 px, nor at 200 %`, () =>
    page(
      path,
      async (p) => {
        assert.ok((await debordement(p)) <= 0, '320 px');
        assert.deepEqual(await sortis(p), [], 'rien ne sort de son cadre');
        await capture(p, `portail-${nom}-320`);
        await p.setViewportSize({ width: 640, height: 400 });
        assert.ok((await debordement(p)) <= 0, '200 %');
      },
      { taille: { width: 320, height: 640 } },
    ));
}

test('titles are unique', async () => {
  const titres = await Promise.all(PAGES.map(async ([, path]) => /<title>(.*?)<\/title>/.exec(await (await fetch(URL_SERVEUR + path)).text())[1]));
  assert.equal(new Set(titres).size, titres.length, titres.join('\n'));
});

test('without JavaScript: home, search, parcel, and every fact as text', () =>
  page(
    '/',
    async (p) => {
      await champ(p).fill(parcelle.id);
      await p.keyboard.press('Enter');
      await p.waitForURL(`**/parcelle/${parcelle.id}`);
      const texte = (await p.locator('main').innerText()).replace(/\s/g, ' ');
      for (const fait of [ref, parcelle.id, 'Contenance', 'Surface du plan', 'Arpentée', 'Feuille', 'Millésime', 'EPSG:2154', 'Parcelles voisines', 'Bâtiments', 'Coordonnées', 'latitude']) {
        assert.ok(texte.includes(fait), fait);
      }
      assert.ok((await p.locator('img.plan').getAttribute('alt')).includes(`Plan de la parcelle ${ref}`));
      assert.equal(await p.getByRole('link', { name: 'Extrait PDF' }).getAttribute('href'), `/parcelle/${parcelle.id}/extrait.pdf`);
    },
    { javaScriptEnabled: false },
  ));

test('without JavaScript: an address typed in full opens its parcel', () =>
  page(
    '/',
    async (p) => {
      await champ(p).fill(adresse.libelle);
      await p.getByRole('button', { name: 'Chercher' }).click();
      await p.waitForURL(`**/parcelle/${adresse.parcelle.id}`);
    },
    { javaScriptEnabled: false },
  ));

test('by keyboard alone: skip links, suggestions announced, Escape, Enter', () =>
  page('/', async (p) => {
    await p.keyboard.press('Tab');
    assert.equal(await p.evaluate(() => document.activeElement.textContent), 'Aller au contenu');
    await p.keyboard.press('Tab');
    await p.keyboard.press('Enter');
    assert.equal(await p.evaluate(() => document.activeElement.id), 'q', 'le lien mène au champ');
    await p.keyboard.type(communes[0].nom.slice(0, 6));
    const option = p.getByRole('option').first();
    await option.waitFor();
    const combo = p.getByRole('combobox');
    assert.equal(await combo.getAttribute('aria-expanded'), 'true');
    assert.match(await p.getByRole('status').innerText(), /suggestion/);
    await accessible(p, 'suggestions');
    await capture(p, 'portail-suggestions');
    await p.keyboard.press('ArrowDown');
    const active = await combo.getAttribute('aria-activedescendant');
    assert.equal(await p.locator(`[id="${active}"]`).getAttribute('aria-selected'), 'true');
    await p.keyboard.press('Escape');
    assert.equal(await p.getByRole('option').count(), 0);
    assert.equal(await combo.getAttribute('aria-expanded'), 'false');
    await champ(p).fill(parcelle.id);
    await p.keyboard.press('Enter');
    await p.waitForURL(`**/parcelle/${parcelle.id}`);
    const arbre = await p.locator('main').ariaSnapshot();
    for (const nom of ['heading "Parcelle', 'link "Extrait PDF', 'table "Parcelles qui partagent une limite', 'columnheader "Limite commune"']) {
      assert.ok(arbre.includes(nom), `${nom}\n${arbre}`);
    }
  }));

test('text set wide stays whole (RGAA 10.12)', () =>
  page(
    `/parcelle/${parcelle.id}`,
    async (p) => {
      await p.addStyleTag({ content: '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }' });
      assert.ok((await debordement(p)) <= 0);
    },
    { taille: { ...BUREAU, width: 400 }, bypassCSP: true },
  ));
