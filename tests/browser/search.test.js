import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, adresseDit, capture, champ, chercher, couleurs, fiche, repos, titreFiche, visiter } from './support/browser.js';
import { adresse, communes, lieuxDits, parcelle, reference } from './support/sample.js';

const premier = (page) => page.getByRole('search').getByRole('option').first();
const selectionnee = (idu) => (url) => url.searchParams.get('parcelle') === idu;

test('the first view shows the town, and not a blank canvas', () =>
  visiter('/carte', async (page) => {
    assert.ok((await couleurs(page)).size > 50);
    await accessible(page, 'première vue');
    await capture(page, '01-premiere-vue');
  }));

const ref = reference(parcelle);
const formes = [ref, ref.toLowerCase(), ref.replace(' ', ''), parcelle.id, parcelle.id.toLowerCase(), `${parcelle.prefixe} ${ref}`];
for (const forme of formes) {
  test(`« ${forme} » and Enter open the parcel`, () =>
    visiter('/carte', async (page) => {
      await chercher(page, forme);
      assert.match(await premier(page).innerText(), new RegExp(ref));
      await champ(page).press('Enter');
      await adresseDit(page, selectionnee(parcelle.id));
      await page.getByRole('heading', { name: `Parcelle ${ref}` }).waitFor();
      await repos(page);
      assert.ok(Number(page.url().split('#')[1].split('/')[0]) > 16, 'la carte zoome sur la parcelle');
    }));
}

test('Enter typed before the answer opens the best result all the same', () =>
  visiter('/carte', async (page) => {
    await champ(page).pressSequentially(parcelle.id);
    await champ(page).press('Enter');
    await adresseDit(page, selectionnee(parcelle.id));
  }));

test('an address gets a pin, and the parcel under it', () =>
  visiter('/carte', async (page) => {
    await chercher(page, adresse.libelle);
    await capture(page, '02-recherche-adresse');
    await accessible(page, 'résultats de recherche');
    await page.getByRole('option', { name: adresse.libelle }).first().click();
    await adresseDit(page, (url) => url.searchParams.has('repere') && url.searchParams.has('parcelle'));
    await fiche(page).getByText(adresse.libelle).first().waitFor();
    assert.equal(new URL(page.url()).searchParams.get('parcelle'), adresse.parcelle.id);
    await page.getByRole('img', { name: 'Adresse trouvée' }).waitFor();
    await repos(page);
    const [lon, lat] = new URL(page.url()).searchParams.get('repere').split(',').map(Number);
    assert.ok(Math.abs(lon - adresse.lon) < 1e-4 && Math.abs(lat - adresse.lat) < 1e-4);
    await capture(page, '03-adresse-trouvee');
  }));

for (const [genre, nom] of [
  ['a lieu-dit', lieuxDits[1].nom],
  ['a commune', communes[1].nom],
  ['a section', `section ${parcelle.section}`],
]) {
  test(`${genre}, « ${nom} », is brought into view without a parcel`, () =>
    visiter('/carte', async (page) => {
      const avant = new URL(page.url()).hash;
      await chercher(page, nom);
      await champ(page).press('Enter');
      await page.waitForFunction((h) => location.hash !== h, avant);
      await repos(page);
      assert.equal(new URL(page.url()).searchParams.get('parcelle'), null);
      assert.equal(await champ(page).inputValue(), nom, 'le texte tapé reste');
    }));
}

test('nonsense gives no result, a hint, and the text stays', () =>
  visiter('/carte', async (page) => {
    await chercher(page, 'zzqxw 99999 ¿?');
    assert.equal(await page.getByRole('search').getByRole('option').count(), 0);
    const hint = await page.locator('.recherche-volet .recherche-message').innerText();
    assert.ok(hint.length > 20, hint);
    assert.equal((await page.getByRole('status').first().innerText()).trim(), hint.trim(), 'l’indice est annoncé');
    await champ(page).press('Enter');
    assert.equal(await champ(page).inputValue(), 'zzqxw 99999 ¿?');
    await accessible(page, 'aucun résultat');
    await capture(page, '04-aucun-resultat');
  }));

test('a search that fails says so quietly and can be tried again', () =>
  visiter(
    '/carte',
    async (page) => {
      await page.route('**/api/recherche*', (route) => route.abort());
      await champ(page).fill(ref);
      await page.getByText('La recherche ne répond pas.').waitFor();
      await accessible(page, 'recherche en panne');
      await page.unroute('**/api/recherche*');
      await page.getByRole('button', { name: 'Réessayer' }).click();
      await premier(page).waitFor();
      assert.match(await premier(page).innerText(), new RegExp(ref));
    },
    { tolere: [/ERR_FAILED/] },
  ));

test('only the last text typed counts', () =>
  visiter('/carte', async (page) => {
    // The first answer is held back until after the second.
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route(/recherche\?q=ru(&|$)/, async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    await champ(page).fill('ru');
    await page.waitForTimeout(400);
    await champ(page).fill(ref);
    await premier(page).waitFor();
    release();
    await page.waitForTimeout(400);
    assert.match(await premier(page).innerText(), new RegExp(ref));
    assert.equal(await titreFiche(page).count(), 0);
  }));
