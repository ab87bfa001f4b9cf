import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adresseDit, champ, chercher, cliquer, repos, titreFiche, visiter } from './support/browser.js';
import { centre, parcelle, reference } from './support/sample.js';

const [lon, lat] = centre(parcelle).map((n) => Number(n.toFixed(6)));
const ref = reference(parcelle);

test('a link restores place, parcel, style, layers, text and measure', () => {
  const d = 0.0004;
  const mesure = `surface~${lon},${lat}~${(lon + d).toFixed(6)},${lat}~${(lon + d).toFixed(6)},${(lat + d).toFixed(6)}`;
  const link = `/carte?parcelle=${parcelle.id}&style=discret&couches=-numeros,feuilles&q=mairie&mesure=${mesure}#17.5/${lat}/${lon}`;
  return visiter(link, async (page) => {
    await titreFiche(page).getByText(ref).waitFor();
    await page.locator('.etiquette-mesure').waitFor();
    assert.match(await page.locator('#mesure .grand').first().innerText(), /m²/);
    assert.equal(await champ(page).inputValue(), 'mairie');
    await page.getByRole('button', { name: 'Couches et légende' }).click();
    assert.ok(await page.getByRole('radio', { name: 'Fond discret' }).isChecked());
    assert.ok(!(await page.getByRole('checkbox', { name: 'Numéros de voirie' }).isChecked()));
    assert.ok(await page.getByRole('checkbox', { name: 'Feuilles' }).isChecked());
    const after = new URL(page.url());
    assert.equal(after.pathname + after.search.replaceAll('%7E', '~') + after.hash, link, 'le lien ne change pas à l’ouverture');
  });
});

test('a link without a place goes to its parcel', () =>
  visiter(`/carte?parcelle=${parcelle.id}`, async (page) => {
    await adresseDit(page, (url) => Number(url.hash.slice(1).split('/')[0]) > 16);
    const [, y, x] = new URL(page.url()).hash.slice(1).split('/').map(Number);
    assert.ok(Math.abs(y - lat) < 0.002 && Math.abs(x - lon) < 0.002);
  }));

test('back and forward go through the states', () =>
  visiter(`/carte#18/${lat}/${lon}`, async (page) => {
    await cliquer(page, [lon, lat]);
    await titreFiche(page).getByText(ref).waitFor();
    await page.getByRole('button', { name: 'Couches et légende' }).click();
    await page.locator('.segment', { hasText: 'Fond discret' }).click();
    await adresseDit(page, (url) => url.searchParams.get('style') === 'discret');
    await page.locator('.case', { hasText: 'Feuilles' }).click();
    await adresseDit(page, (url) => url.searchParams.get('couches') === 'feuilles');

    await page.goBack();
    assert.ok(!(await page.getByRole('checkbox', { name: 'Feuilles' }).isChecked()));
    await page.goBack();
    assert.ok(await page.getByRole('radio', { name: 'Plan cadastral' }).isChecked());
    await page.goBack();
    await titreFiche(page).waitFor({ state: 'detached' });
    await page.goForward();
    await titreFiche(page).getByText(ref).waitFor();
    await page.goForward();
    await page.waitForFunction(() => document.querySelector('input[value="discret"]')?.checked === true);
    await repos(page);
  }));

test('back returns to where the map was before a search', () =>
  visiter(`/carte#14/${lat}/${lon}`, async (page) => {
    await chercher(page, parcelle.id);
    await champ(page).press('Enter');
    await adresseDit(page, (url) => Number(url.hash.slice(1).split('/')[0]) > 16);
    await repos(page);
    await page.goBack();
    await adresseDit(page, (url) => url.hash.startsWith('#14/'));
    await titreFiche(page).waitFor({ state: 'detached' });
    await repos(page);
    assert.ok(page.url().includes('#14/'), 'la carte y est revenue aussi');
  }));

test('a spoilt link opens the map all the same', () =>
  visiter('/carte?style=inconnu&couches=../../etc&mesure=surface~1,2&repere=x&opacite=-4&fond=absent#99/abc/', async (page) => {
    assert.equal(await page.locator('#carte canvas').count(), 1);
    assert.equal(await titreFiche(page).count(), 0);
  }));
