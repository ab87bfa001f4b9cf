import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, adresseDit, capture, champ, fiche, repos, titreFiche, visiter } from './support/browser.js';
import { centre, parcelle, reference } from './support/sample.js';

const ref = reference(parcelle);
const aLeFocus = (locator) => locator.evaluate((e) => e === document.activeElement);

test('a whole visit without a pointer: search, sheet, neighbour, map, layers', () =>
  visiter('/carte', async (page) => {
    await page.keyboard.press('/');
    assert.ok(await aLeFocus(champ(page)), '« / » va à la recherche');
    await page.keyboard.type(ref);
    await page.getByRole('search').getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    const actif = await champ(page).getAttribute('aria-activedescendant');
    assert.equal(await page.locator(`[id="${actif}"]`).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Parcelle ${ref}` }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'titre-fiche');

    // Down to the first neighbour, and into it.
    for (let i = 0; i < 12 && !(await page.evaluate(() => document.activeElement?.classList.contains('voisin'))); i += 1) await page.keyboard.press('Tab');
    const voisine = await page.evaluate(() => document.activeElement?.querySelector('.voisin-ref')?.textContent);
    assert.ok(voisine, 'la première voisine est atteinte');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Parcelle ${voisine}`, exact: true }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'titre-fiche');

    await page.keyboard.press('Escape');
    await fiche(page).waitFor({ state: 'detached' });
    assert.ok(await aLeFocus(champ(page)), 'fermer la fiche rend le focus d’où l’on venait');
  }));

test('the map is moved by keys, and Enter chooses the parcel at its centre', () =>
  visiter(`/carte#18/${centre(parcelle)[1]}/${centre(parcelle)[0]}`, async (page) => {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const canvas = page.locator('#carte canvas');
    assert.ok(await aLeFocus(canvas), 'le lien d’évitement mène à la carte');
    assert.ok(await page.locator('.viseur').isVisible());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Parcelle ${ref}` }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'titre-fiche');
    await page.keyboard.press('Escape');
    await fiche(page).waitFor({ state: 'detached' });
    assert.ok(await aLeFocus(canvas));
    const avant = page.url();
    await page.keyboard.press('ArrowRight');
    await adresseDit(page, (url) => url.href !== avant);
    const deplace = page.url();
    await page.keyboard.press('+');
    await adresseDit(page, (url) => Number(url.hash.slice(1).split('/')[0]) > Number(new URL(deplace).hash.slice(1).split('/')[0]));
    await repos(page);
    await accessible(page, 'carte au clavier');
    await capture(page, '09-carte-au-clavier');
  }));

test('panels take the focus when they open and give it back when they close', () =>
  visiter('/carte', async (page) => {
    for (const [bouton, titre] of [
      ['Couches et légende', 'titre-couches'],
      ['Mesurer une distance ou une surface', 'titre-mesure'],
    ]) {
      const outil = page.getByRole('button', { name: bouton });
      await outil.focus();
      await page.keyboard.press('Enter');
      await page.waitForFunction((id) => document.activeElement?.id === id, titre);
      await page.keyboard.press('Escape');
      await page.waitForFunction((name) => document.activeElement?.getAttribute('aria-label') === name, bouton);
    }
  }));

test('Escape closes the list first, then empties the field', () =>
  visiter('/carte', async (page) => {
    await champ(page).fill(ref);
    await page.getByRole('search').getByRole('option').first().waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('search').getByRole('option').count(), 0);
    assert.equal(await champ(page).inputValue(), ref);
    await page.keyboard.press('Escape');
    assert.equal(await champ(page).inputValue(), '');
    assert.equal(await titreFiche(page).count(), 0);
  }));
