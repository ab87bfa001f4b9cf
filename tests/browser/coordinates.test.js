import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, adresseDit, capture, champ, chercher, cliquer, fiche, pixel, repos, titreFiche, URL_SERVEUR, visiter } from './support/browser.js';
import { centre, parcelle, reference } from './support/sample.js';

const [lon, lat] = centre(parcelle);
const VUE = `#18/${lat.toFixed(6)}/${lon.toFixed(6)}`;
const ref = reference(parcelle);
const barre = (page) => page.getByRole('group', { name: 'Coordonnées' });
const systeme = (page) => page.getByRole('combobox', { name: 'Système de coordonnées' });
const nombres = (texte) => (texte.match(/[EN] ([\d\s\u00a0\u202f]+,\d\d)/g) ?? []).map((n) => Number(n.slice(2).replace(/[\s\u00a0\u202f]/g, '').replace(',', '.')));

/** What the server's own projection says of a place. */
async function temoin(place, srid) {
  const { systemes } = await (await fetch(`${URL_SERVEUR}/api/coordonnees?lon=${place[0]}&lat=${place[1]}`)).json();
  return systemes.find((p) => p.srid === srid);
}

test('the system is chosen, kept by the browser, and agrees with the server', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await barre(page).waitFor();
    const options = await systeme(page).locator('option').allInnerTexts();
    assert.deepEqual(options, ['WGS 84', 'Lambert-93', 'CC44']);
    for (const [choix, srid] of [['legal', 2154], ['cc', 3944]]) {
      await systeme(page).selectOption(choix);
      await barre(page).getByText(/E [\d\s\u00a0\u202f]+,\d\d/).waitFor();
      const { hash } = new URL(page.url());
      const [, y, x] = hash.slice(1).split('/').map(Number);
      const lus = nombres(await barre(page).innerText());
      const attendu = await temoin([x, y], srid);
      assert.equal(lus.length, 2);
      // The address rounds the centre to a tenth of a metre.
      assert.ok(Math.abs(lus[0] - attendu.x) < 0.15 && Math.abs(lus[1] - attendu.y) < 0.15, `${lus} pour ${attendu.x} ${attendu.y}`);
    }
    await accessible(page, 'coordonnées CC');
    await page.reload();
    await repos(page);
    assert.equal(await systeme(page).inputValue(), 'cc');
    await barre(page).getByText(/E [\d\s\u00a0\u202f]+,\d\d/).waitFor();
    await capture(page, '40-coordonnees-cc44');
  }));

test('the centre follows the keyboard, the pointer takes over; both are copied', () =>
  visiter(`/carte${VUE}`, async (page) => {
    const texte = () => barre(page).locator('.coordonnees-texte').innerText();
    await barre(page).getByText('Centre de la carte').waitFor({ state: 'attached' });
    const avant = await texte();
    await page.locator('#carte canvas').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((was) => document.querySelector('.coordonnees-texte')?.textContent !== was, avant);
    await page.getByRole('button', { name: 'Copier les coordonnées du centre de la carte' }).click();
    const copie = (await page.evaluate(() => navigator.clipboard.readText())).split(', ').map(Number);
    assert.ok(Math.abs(copie[0] - lat) < 0.001 && copie[1] > lon, 'la latitude d’abord');

    await page.waitForTimeout(600);
    const place = [lon, lat];
    const { x, y } = await pixel(page, place);
    await page.mouse.move(x, y);
    await barre(page).getByText('Sous le pointeur').waitFor({ state: 'attached' });
    await page.mouse.click(x, y, { button: 'right' });
    await barre(page).getByText('Coordonnées copiées').waitFor({ state: 'attached' });
    const [a, b] = (await page.evaluate(() => navigator.clipboard.readText())).split(', ').map(Number);
    assert.ok(Math.abs(a - lat) < 2e-5 && Math.abs(b - lon) < 2e-5);
  }));

for (const [nom, ecrire] of [
  ['degrees', async () => `${lat.toFixed(6)}, ${lon.toFixed(6)}`],
  ['Lambert-93', async () => temoin([lon, lat], 2154).then(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`)],
  ['CC44', async () => temoin([lon, lat], 3944).then(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`)],
]) {
  test(`coordinates typed in the search in ${nom} lead there, with a pin and the parcel under it`, async () => {
    const texte = await ecrire();
    await visiter('/carte', async (page) => {
      await chercher(page, texte);
      await page.getByText('Coordonnées', { exact: true }).waitFor();
      await accessible(page, 'coordonnées trouvées');
      if (nom === 'CC44') await capture(page, '41-recherche-coordonnees');
      await champ(page).press('Enter');
      await page.getByRole('heading', { name: `Parcelle ${ref}`, exact: true }).waitFor();
      await adresseDit(page, (url) => {
        const [x, y] = (url.searchParams.get('repere') ?? '').split(',').map(Number);
        return Math.abs(x - lon) < 2e-5 && Math.abs(y - lat) < 2e-5;
      });
      await page.locator('.maplibregl-marker').waitFor();
      await page.waitForFunction(() => document.activeElement?.id === 'titre-fiche');
    });
  });
}

test('an area measured beside an open sheet is set against its contenance', () => {
  const d = 0.0002;
  const mesure = `surface~${[[lon - d, lat - d], [lon + d, lat - d], [lon + d, lat + d], [lon - d, lat + d]].map((p) => p.map((n) => n.toFixed(6)).join(',')).join('~')}`;
  return visiter(`/carte?parcelle=${parcelle.id}&mesure=${mesure}${VUE}`, async (page) => {
    const fait = page.locator('[data-fait="contenance"]');
    await fait.getByText(`Contenance de ${ref}`).waitFor();
    const metres = (texte) => Number(texte.replace(/[^\d−+]/g, '').replace('−', '-'));
    const aire = metres((await page.locator('#mesure .grand').first().innerText()).replace('²', ''));
    const ecart = metres((await fait.locator('.discret').innerText()).split(':')[1].replace('²', ''));
    assert.ok(Math.abs(aire - parcelle.contenance - ecart) <= 1, `${aire} − ${parcelle.contenance} ≠ ${ecart}`);
    await accessible(page, 'mesure et contenance');
    await capture(page, '42-mesure-contenance');
  });
});

test('the sheet leads to its extract and its page in text; the bar leads home', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await cliquer(page, centre(parcelle));
    await titreFiche(page).getByText(ref).waitFor();
    const extrait = fiche(page).getByRole('link', { name: `Extrait PDF de ${ref}` });
    assert.equal(await extrait.getAttribute('href'), `/parcelle/${parcelle.id}/extrait.pdf`);
    await fiche(page).getByText('Format et échelle').click();
    await fiche(page).getByLabel('Format', { exact: true }).selectOption('A3');
    await fiche(page).getByLabel('Orientation').selectOption('paysage');
    await fiche(page).getByLabel('Échelle').selectOption('1000');
    assert.equal(await extrait.getAttribute('href'), `/parcelle/${parcelle.id}/extrait.pdf?format=A3&orientation=paysage&echelle=1000`);
    await accessible(page, 'choix de l’extrait');
    await capture(page, '43-fiche-extrait');
    assert.equal((await fetch(URL_SERVEUR + (await fiche(page).getByRole('link', { name: 'Fiche en texte' }).getAttribute('href')))).status, 200);
    await fiche(page).getByRole('button', { name: 'Ajouter à la sélection' }).click();
    await adresseDit(page, (url) => url.searchParams.has('selection'));
    await fiche(page).getByRole('button', { name: 'Retirer de la sélection' }).waitFor();

    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('navigation', { name: 'Pages de Finage' }).waitFor();
    await accessible(page, 'menu');
    await capture(page, '44-menu');
    for (const nom of ['Accueil', 'Services et données', 'Accessibilité', 'Mentions légales']) {
      const href = await page.getByRole('link', { name: nom, exact: true }).getAttribute('href');
      assert.equal((await fetch(URL_SERVEUR + href)).status, 200, nom);
    }
    await page.getByRole('link', { name: 'Finage, accueil' }).click();
    await page.waitForURL((url) => url.pathname === '/');
  }));
