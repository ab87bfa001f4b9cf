import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, adresseDit, capture, couleurs, part, repos, visiter } from './support/browser.js';
import { centre, parcelle } from './support/sample.js';

const [lon, lat] = centre(parcelle);
const VUE = `#17.5/${lat}/${lon}`;
const ocre = (r, g, b) => r > 220 && g > 170 && g < 225 && b < 170;
const ouvrir = (page) => page.getByRole('button', { name: 'Couches et légende' }).click();

test('each layer is switched off and on, and the legend follows', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await ouvrir(page);
    await page.getByText('Bâtiment en dur').waitFor();
    await accessible(page, 'panneau des couches');
    await capture(page, '10-couches');
    await repos(page);
    const avant = await part(page, ocre);
    assert.ok(avant > 0.01, 'les bâtiments sont ocre');
    const box = page.locator('.case', { hasText: 'Bâtiments' });
    await box.click();
    await adresseDit(page, (url) => url.searchParams.get('couches') === '-batiments');
    await page.waitForTimeout(200);
    await repos(page);
    assert.ok((await part(page, ocre)) < avant / 20, 'les bâtiments ont disparu');
    assert.equal(await page.getByText('Bâtiment en dur').count(), 0);
    await box.click();
    await adresseDit(page, (url) => !url.searchParams.has('couches'));
    await page.waitForTimeout(200);
    await repos(page);
    assert.ok((await part(page, ocre)) > avant * 0.95, 'ils sont revenus');
  }));

test('the muted style has fewer strong colours than the plan', () =>
  visiter(`/carte${VUE}`, async (page) => {
    const vives = (set) => [...set].filter((c) => Math.max(c >> 16, (c >> 8) & 255, c & 255) - Math.min(c >> 16, (c >> 8) & 255, c & 255) > 90).length;
    const plan = vives(await couleurs(page));
    await ouvrir(page);
    await page.locator('.segment', { hasText: 'Fond discret' }).click();
    await adresseDit(page, (url) => url.searchParams.get('style') === 'discret');
    await page.waitForTimeout(300);
    await repos(page);
    assert.ok(vives(await couleurs(page)) < plan / 4);
    await accessible(page, 'style discret');
    await capture(page, '11-style-discret');
  }));

test('far away, the map says to come nearer', () =>
  visiter(`/carte#9/${lat}/${lon}`, async (page) => {
    await page.getByText('Zoomez pour choisir une parcelle').waitFor();
    await accessible(page, 'vue lointaine');
  }));

test('where nothing is imported, the map says so and leads back', () =>
  visiter('/carte#15/48.85/-4.5', async (page) => {
    await page.getByText('Aucune parcelle importée ici.').waitFor();
    await capture(page, '12-hors-import');
    await page.getByRole('button', { name: 'Voir ce qui est importé' }).click();
    await adresseDit(page, (url) => Number(url.hash.split('/')[1]) < 46);
    await repos(page);
    assert.ok((await couleurs(page)).size > 50);
  }));

test('zoom, north and extent have buttons', () =>
  visiter(`/carte#15/${lat}/${lon}`, async (page) => {
    const zoom = () => Number(new URL(page.url()).hash.slice(1).split('/')[0]);
    await page.getByRole('button', { name: 'Zoomer', exact: true }).click();
    await adresseDit(page, (url) => url.hash.startsWith('#16/'));
    await page.getByRole('button', { name: 'Dézoomer' }).click();
    await adresseDit(page, (url) => url.hash.startsWith('#15/'));
    await page.getByRole('button', { name: 'Remettre le nord en haut' }).click();
    await page.getByRole('button', { name: 'Voir toute l’étendue importée' }).click();
    await page.waitForFunction(() => Number(location.hash.slice(1).split('/')[0]) < 15);
    assert.ok(zoom() > 8);
  }));
