import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, capture, champ, chercher, fiche, repos, TELEPHONE, titreFiche, URL_SERVEUR, visiter } from './support/browser.js';
import { adresse, centre, parcelle, reference } from './support/sample.js';

const ref = reference(parcelle);
const debordement = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const width of [320, 360, 400]) {
  test(`on a phone ${width} px wide, search, sheet and layers fit`, () =>
    visiter(
      '/carte',
      async (page) => {
        assert.ok((await debordement(page)) <= 0);
        await chercher(page, adresse.libelle);
        if (width === 360) await capture(page, '16-telephone-recherche');
        await champ(page).fill(ref);
        await page.getByRole('search').getByRole('option').first().waitFor();
        await page.waitForLoadState('networkidle');
        await champ(page).press('Enter');
        await titreFiche(page).getByText(ref).waitFor();
        await repos(page);
        const sheet = await fiche(page).boundingBox();
        const map = await page.locator('#carte').boundingBox();
        assert.ok(sheet.width <= width && sheet.x >= 0);
        assert.ok(sheet.y > map.y + map.height * 0.4, 'la moitié haute reste à la carte');
        assert.ok((await debordement(page)) <= 0);
        await accessible(page, `téléphone ${width}`);
        if (width === 360) await capture(page, '17-telephone-fiche');
        await page.getByRole('button', { name: 'Fermer la fiche' }).click();
        await page.getByRole('button', { name: 'Couches et légende' }).click();
        await page.locator('#couches').waitFor();
        assert.ok((await debordement(page)) <= 0);
        if (width === 360) await capture(page, '18-telephone-couches');
        for (const button of await page.getByRole('button').all()) {
          const box = await button.boundingBox();
          if (box) assert.ok(box.x >= -1 && box.x + box.width <= width + 1, await button.innerText());
        }
      },
      { taille: { ...TELEPHONE, width } },
    ));
}

test('at 200 % zoom on a small screen everything stays reachable', () =>
  visiter(
    `/carte?parcelle=${parcelle.id}`,
    async (page) => {
      await titreFiche(page).getByText(ref).waitFor();
      assert.ok((await debordement(page)) <= 0);
      await page.getByRole('button', { name: 'Zoomer', exact: true }).first().click();
      await page.getByRole('button', { name: 'Fermer la fiche' }).click();
      await champ(page).click();
      await capture(page, '19-zoom-200');
    },
    { taille: { width: 640, height: 400 } },
  ));

const VIDE = { version: '0', nom: 'Finage', etendue: null, communes: [], fonds: [], styles: [{ id: 'cadastre', libelle: 'Plan cadastral' }, { id: 'discret', libelle: 'Fond discret' }] };

test('an empty database says what to type', () =>
  visiter(
    '/carte',
    async (page) => {
      await page.getByRole('heading', { name: 'Rien n’est encore importé' }).waitFor();
      await page.getByText('finage import edigeo').waitFor();
      await accessible(page, 'base vide');
      await capture(page, '20-base-vide');
    },
    { avant: (page) => page.route('**/api/configuration', (route) => route.fulfill({ json: VIDE })) },
  ));

test('a silent server is said in one sentence, and tried again', () =>
  visiter(
    '/carte',
    async (page) => {
      await page.getByRole('heading', { name: 'La carte n’est pas joignable' }).waitFor();
      await accessible(page, 'serveur muet');
      await page.unroute('**/api/configuration');
      await page.getByRole('button', { name: 'Réessayer' }).click();
      await repos(page);
    },
    { attendreCarte: false, tolere: [/ERR_FAILED/], avant: (page) => page.route('**/api/configuration', (route) => route.abort()) },
  ));

test('the page is served under a strict policy and names its landmarks', () =>
  visiter(`/carte#18/${centre(parcelle)[1]}/${centre(parcelle)[0]}`, async (page) => {
    const policy = (await fetch(`${URL_SERVEUR}/carte`)).headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'self'/);
    assert.doesNotMatch(policy, /unsafe/);
    for (const role of ['banner', 'main', 'search']) assert.equal(await page.getByRole(role).count(), 1, role);
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
    assert.equal(await page.evaluate(() => document.querySelectorAll('script:not([src]), style').length), 0, 'ni script ni style dans la page');
    await capture(page, '21-plan-cadastral');
  }));
