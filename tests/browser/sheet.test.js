import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, adresseDit, capture, champ, cliquer, couleurs, fiche, pixel, repos, titreFiche, visiter } from './support/browser.js';
import { adresse, centre, parcelle, reference } from './support/sample.js';

const ref = reference(parcelle);
const nombre = (texte) => Number(texte.replace(/[^\d,]/g, '').replace(',', '.'));

const vue = ([lon, lat]) => `#18/${lat.toFixed(6)}/${lon.toFixed(6)}`;

test('a click on a parcel opens its sheet, without moving the map', () =>
  visiter(`/carte${vue(centre(parcelle))}`, async (page) => {
    const place = new URL(page.url()).hash;
    await cliquer(page, centre(parcelle));
    await page.getByRole('heading', { name: `Parcelle ${ref}` }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('parcelle'), parcelle.id);
    assert.equal(new URL(page.url()).hash, place);
    assert.match(await page.title(), new RegExp(`^${ref}, `));
    await repos(page);
    const jaunes = [...(await couleurs(page))].filter((c) => (c >> 16) > 240 && ((c >> 8) & 255) > 190 && (c & 255) < 90);
    assert.ok(jaunes.length > 0, 'la parcelle choisie est marquée');
    await accessible(page, 'fiche ouverte');
    await capture(page, '05-fiche');
  }));

test('the sheet tells contenance and area apart and agrees with the delivered file', () =>
  visiter(`/carte?parcelle=${adresse.parcelle.id}`, async (page) => {
    await titreFiche(page).getByText('Parcelle').waitFor();
    const text = await fiche(page).innerText();
    const { contenance } = adresse.parcelle;
    const contenanceLue = await fiche(page).locator('.surfaces dd').first().innerText();
    const [haAca, m2] = contenanceLue.split('\n');
    assert.equal(nombre(m2.replace('m²', '')), contenance);
    const [ca = 0, a = 0, ha = 0] = haAca.split(/[^\d]+/).filter(Boolean).map(Number).reverse();
    assert.equal(ha * 10_000 + a * 100 + ca, contenance);
    assert.match(text, /Surface du plan/);
    assert.match(text, /calculée en .*CC\d\d/);
    for (const part of [adresse.parcelle.id, adresse.libelle, 'Bâtiments', 'Parcelles voisines', 'Plan et source', 'Section', 'Feuille', 'Millésime', 'Source']) assert.ok(text.includes(part), part);
    await fiche(page).locator('.panneau-corps').evaluate((e) => e.scrollTo(0, e.scrollHeight));
    await capture(page, '06-fiche-bas');
  }));

test('a neighbour is shown on the map when pointed at, and opened by a click; it knows its neighbour in turn', () =>
  visiter(`/carte?parcelle=${parcelle.id}`, async (page) => {
    const voisin = fiche(page).locator('.voisin').first();
    await voisin.waitFor();
    assert.match(await voisin.innerText(), /(nord|sud|est|ouest)/);
    await repos(page);
    const avant = await page.locator('#carte canvas').screenshot();
    await voisin.hover();
    await repos(page);
    await page.waitForTimeout(300);
    assert.notDeepEqual(await page.locator('#carte canvas').screenshot(), avant, 'la voisine est marquée');
    await capture(page, '07-voisine-survolee');
    const voisine = await voisin.locator('.voisin-ref').innerText();
    await voisin.click();
    await page.getByRole('heading', { name: `Parcelle ${voisine}`, exact: true }).waitFor();
    await fiche(page).locator('.voisin-ref', { hasText: new RegExp(`^${ref}$`) }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: `Parcelle ${ref}`, exact: true }).waitFor();
  }));

test('reference, identifier and link can be copied', () =>
  visiter(`/carte?parcelle=${parcelle.id}`, async (page) => {
    await titreFiche(page).getByText(ref).waitFor();
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    for (const [name, value] of [
      [`Copier la référence ${ref}`, () => ref],
      [`Copier l’identifiant ${parcelle.id}`, () => parcelle.id],
      ['Copier le lien vers cette carte', () => page.url()],
    ]) {
      const button = fiche(page).getByRole('button', { name });
      await button.click();
      await button.getByText('Copié').waitFor();
      assert.equal(await copied(), value());
    }
  }));

test('an unknown parcel says so and offers the search', () =>
  visiter(
    '/carte?parcelle=99101000ZZ9999',
    async (page) => {
      await page.getByRole('heading', { name: 'Parcelle introuvable' }).waitFor();
      await accessible(page, 'parcelle inconnue');
      await capture(page, '08-parcelle-inconnue');
      await page.getByRole('button', { name: 'Chercher une parcelle' }).click();
      assert.ok(await champ(page).evaluate((e) => e === document.activeElement));
    },
    { tolere: [/404/] },
  ));

test('an identifier that is none says so too', () =>
  visiter(
    '/carte?parcelle=PAS-UN-IDU',
    async (page) => {
      await page.getByRole('heading', { name: 'Parcelle introuvable' }).waitFor();
    },
    { tolere: [/400|404/] },
  ));

test('a sheet that cannot be read can be asked again', () =>
  visiter(
    `/carte?parcelle=${parcelle.id}`,
    async (page) => {
      await page.getByRole('heading', { name: 'Fiche indisponible' }).waitFor();
      await accessible(page, 'fiche indisponible');
      await page.unroute('**/api/parcelles/*');
      await fiche(page).getByRole('button', { name: 'Réessayer' }).click();
      await page.getByRole('heading', { name: `Parcelle ${ref}` }).waitFor();
    },
    { tolere: [/503|ERR_FAILED/], avant: (page) => page.route('**/api/parcelles/*', (route) => route.abort()) },
  ));

test('the pointer’s coordinates are given', () =>
  visiter(`/carte${vue(centre(parcelle))}`, async (page) => {
    const { x, y } = await pixel(page, centre(parcelle));
    await page.mouse.move(x, y);
    const lat = centre(parcelle)[1].toFixed(4).replace('.', ',');
    await page.locator('.coordonnees', { hasText: 'Sous le pointeur' }).getByText(lat.slice(0, -1)).waitFor();
  }));
