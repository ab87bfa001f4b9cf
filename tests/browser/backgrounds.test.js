import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, adresseDit, capture, couleurs, repos, URL_SERVEUR, visiter } from './support/browser.js';
import { centre, parcelle } from './support/sample.js';

const [lon, lat] = centre(parcelle);
const VUE = `#17.5/${lat}/${lon}`;
const WMTS = process.env.FINAGE_TEST_WMTS;
const { fonds } = await (await fetch(`${URL_SERVEUR}/api/configuration`)).json();
const configured = ['essai', 'muet', 'archive'].every((id) => fonds.some((f) => f.id === id));
const skip = configured ? false : 'le serveur essayé ne déclare pas les fonds « essai », « muet » et « archive »';
const served = async () => Number(await (await fetch(new URL('/compte', WMTS))).text());
const verts = (set) => [...set].filter((c) => ((c >> 8) & 255) > (c >> 16) + 40 && ((c >> 8) & 255) > (c & 255) + 40).length;

test('no background is asked for until one is chosen; then it lies under the plan', { skip }, () =>
  visiter(`/carte${VUE}`, async (page) => {
    const avant = await served();
    // Layers of modules have greens of their own, few beside those of the background.
    const sans = verts(await couleurs(page));
    assert.equal(await served(), avant);
    await page.getByRole('button', { name: 'Couches et légende' }).click();
    await page.locator('.radio', { hasText: 'Fond d’essai' }).click();
    await adresseDit(page, (url) => url.searchParams.get('fond') === 'essai');
    await page.waitForTimeout(500);
    await repos(page);
    assert.ok((await served()) > avant);
    const avec = verts(await couleurs(page));
    assert.ok(avec > 2 * sans + 8, `le fond est dessiné : ${avec} verts, ${sans} sans lui`);
    assert.ok((await couleurs(page)).size > 50, 'le plan aussi');
    await accessible(page, 'fond affiché');
    await capture(page, '14-fond');

    const opacite = page.getByRole('slider', { name: 'Opacité du fond' });
    await opacite.focus();
    for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowLeft');
    await adresseDit(page, (url) => url.searchParams.get('opacite') === '80');

    await page.locator('.radio', { hasText: 'Aucun' }).click();
    await adresseDit(page, (url) => !url.searchParams.has('fond'));
    await page.waitForTimeout(300);
    await repos(page);
    assert.ok(verts(await couleurs(page)) * 2 < avec, 'le fond est retiré');
  }));

test('a PMTiles file of the server is a background too', { skip }, () =>
  visiter(`/carte?fond=archive${VUE}`, async (page) => {
    await page.waitForTimeout(500);
    await repos(page);
    assert.ok(verts(await couleurs(page)) > 0, 'l’archive est dessinée');
    assert.equal(await page.locator('.avis').count(), 0);
  }));

test('a background that is down is said once, quietly, and the plan stays', { skip }, () =>
  visiter(
    `/carte?fond=muet${VUE}`,
    async (page) => {
      await page.getByText('Le fond « Fond en panne » ne répond pas').waitFor();
      assert.equal(await page.locator('.avis').count(), 1);
      assert.equal(await page.getByRole('alert').count(), 0);
      assert.ok((await couleurs(page)).size > 50);
      await accessible(page, 'fond en panne');
      await capture(page, '15-fond-en-panne');
    },
    { tolere: [/ERR_CONNECTION_REFUSED|Failed to fetch/] },
  ));
