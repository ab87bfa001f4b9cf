import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, adresseDit, capture, cliquer, pixel, repos, visiter } from './support/browser.js';
import { centre, parcelle } from './support/sample.js';

const [lon, lat] = centre(parcelle);
const VUE = `#18/${lat.toFixed(6)}/${lon.toFixed(6)}`;
const D = 0.0005;
const nombre = (texte) => Number(texte.split('m')[0].replace(/[^\d,]/g, '').replace(',', '.'));

async function commencer(page, quoi) {
  await page.getByRole('button', { name: 'Mesurer une distance ou une surface' }).click();
  await page.locator('#mesure').getByRole('button', { name: quoi }).click();
  // Terra Draw comes with the first measure.
  await page.waitForFunction(() => performance.getEntriesByType('resource').some((r) => /traceur/.test(r.name)));
  await page.waitForTimeout(500);
}

/** Metres of a meridian arc and of a parallel arc near the sample (WGS84 series). */
const mLat = (phi) => 111_132.954 - 559.822 * Math.cos((2 * phi * Math.PI) / 180) + 1.175 * Math.cos((4 * phi * Math.PI) / 180);
const mLon = (phi) => 111_412.84 * Math.cos((phi * Math.PI) / 180) - 93.5 * Math.cos((3 * phi * Math.PI) / 180);

test('a distance is drawn, measured on the ellipsoid, finished by Enter and kept in the link', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await commencer(page, 'Distance');
    await cliquer(page, [lon - D, lat]);
    await cliquer(page, [lon, lat]);
    await cliquer(page, [lon, lat + D / 2]);
    await page.keyboard.press('Enter');
    await adresseDit(page, (url) => (url.searchParams.get('mesure') ?? '').startsWith('distance~'));
    const measured = nombre(await page.locator('#mesure .grand').innerText());
    const expected = D * mLon(lat) + (D / 2) * mLat(lat);
    assert.ok(Math.abs(measured - expected) < 1, `${measured} m pour ${expected} m`);
    assert.equal(new URL(page.url()).searchParams.get('mesure').split('~').length, 4, 'trois points');
    await page.locator('.etiquette-mesure').waitFor();
    await accessible(page, 'mesure finie');
  }));

test('an area follows the pointer, goes one point back, and ends by a double click', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await commencer(page, 'Surface');
    await cliquer(page, [lon - D, lat - D / 2]);
    await cliquer(page, [lon, lat - D / 2]);
    await cliquer(page, [lon + D / 4, lat]);
    await page.locator('#mesure').getByRole('button', { name: 'Annuler le point' }).click();
    await cliquer(page, [lon, lat + D / 2]);
    const { x, y } = await pixel(page, [lon - D, lat + D / 2]);
    await page.mouse.move(x, y);
    await page.locator('.etiquette-mesure', { hasText: 'm²' }).waitFor();
    await accessible(page, 'mesure en cours');
    await capture(page, '13-mesure');
    await page.mouse.dblclick(x, y);
    await adresseDit(page, (url) => (url.searchParams.get('mesure') ?? '').startsWith('surface~'));
    const points = new URL(page.url()).searchParams.get('mesure').split('~').length - 1;
    assert.equal(points, 4, 'le point annulé n’y est pas');
    const measured = nombre(await page.locator('#mesure .grand').first().innerText());
    const expected = D * mLon(lat) * D * mLat(lat);
    assert.ok(Math.abs(measured - expected) / expected < 0.02, `${measured} m² pour ${expected} m²`);
    assert.equal(new URL(page.url()).searchParams.get('parcelle'), null, 'mesurer ne choisit pas de parcelle');
    await page.getByRole('button', { name: 'Effacer la mesure' }).click();
    await adresseDit(page, (url) => !url.searchParams.has('mesure'));
    assert.equal(await page.locator('.etiquette-mesure').count(), 0);
  }));

test('Escape gives the drawing up', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await commencer(page, 'Distance');
    await cliquer(page, [lon - D, lat]);
    await cliquer(page, [lon, lat]);
    await page.locator('.etiquette-mesure').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.etiquette-mesure').waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).searchParams.get('mesure'), null);
  }));

test('a distance can be drawn by keyboard alone', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await page.getByRole('button', { name: 'Mesurer une distance ou une surface' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#mesure').getByRole('button', { name: 'Distance' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.tagName === 'CANVAS');
    await page.waitForFunction(() => performance.getEntriesByType('resource').some((r) => /traceur/.test(r.name)));
    await page.waitForTimeout(500);
    await page.keyboard.press('Space');
    const { hash } = new URL(page.url());
    await page.keyboard.press('ArrowRight');
    await adresseDit(page, (url) => url.hash !== hash);
    await repos(page);
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await adresseDit(page, (url) => (url.searchParams.get('mesure') ?? '').startsWith('distance~'));
    assert.ok(nombre(await page.locator('#mesure .grand').innerText()) > 10);
  }));
