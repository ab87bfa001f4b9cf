import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { accessible, adresseDit, capture, cliquer, pixel, repos, titreFiche, visiter } from './support/browser.js';
import { centre, parcelle, parcelles, reference } from './support/sample.js';

const TOWN = parcelle.commune;
const section = parcelles.filter((p) => p.commune === TOWN && p.section === 'AB').toSorted((a, b) => (a.id < b.id ? -1 : 1));
const ref = reference(parcelle);
const [lon, lat] = centre(parcelle);
const VUE = `#18/${lat.toFixed(6)}/${lon.toFixed(6)}`;
/** Degrees: a few parcels around the sample one. */
const D = 0.0006;

const outil = (page) => page.getByRole('button', { name: 'Sélection de parcelles' });
const panneau = (page) => page.locator('#selection');
const lignes = (page) => panneau(page).locator('tr[data-idu]');
const total = (page, quoi) => panneau(page).locator(`[data-total="${quoi}"]`).innerText();
const nombre = async (page) => ((await panneau(page).locator('[data-total="nombre"]').count()) === 0 ? 0 : Number((await total(page, 'nombre')).replace(/\D/g, '')));
const choisies = (page) => new URL(page.url()).searchParams.get('selection');
const annonce = (page, texte) => page.locator('[data-annonce="selection"]', { hasText: texte }).waitFor({ state: 'attached' });
const aLeFocus = (locator) => locator.evaluate((e) => e === document.activeElement);
const focusSur = (page, id) => page.waitForFunction((wanted) => document.activeElement?.id === wanted, id);

async function ouvrir(page) {
  await outil(page).click();
  await page.getByRole('heading', { name: 'Sélection' }).waitFor();
}
const onglet = (page, nom) => panneau(page).getByRole('tab', { name: nom }).click();
/** Terra Draw comes with the first shape. */
async function dessiner(page, forme) {
  await panneau(page).getByRole('button', { name: forme }).click();
  await page.waitForFunction(() => performance.getEntriesByType('resource').some((r) => /traceur/.test(r.name)));
  await page.waitForTimeout(500);
}

test('clicks put parcels in and take them out; each step is said, kept in the link, and taken back', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await ouvrir(page);
    await focusSur(page, 'titre-selection');
    await accessible(page, 'sélection vide');
    await cliquer(page, centre(parcelle));
    await annonce(page, '1 parcelle ajoutée, 1 en tout.');
    await adresseDit(page, () => choisies(page) === `${TOWN}000AB~${Number(parcelle.numero)}`);
    await lignes(page).first().waitFor();
    assert.equal(await titreFiche(page).count(), 0, 'dans ce mode un clic n’ouvre pas la fiche');
    assert.equal(Number((await lignes(page).first().locator('.nombre').first().innerText()).replace(/\D/g, '')), parcelle.contenance);
    await repos(page);
    await accessible(page, 'une parcelle choisie');
    await capture(page, '30-selection-clic');

    await cliquer(page, centre(parcelle));
    await annonce(page, '1 parcelle retirée, la sélection est vide.');
    assert.equal(choisies(page), null);
    await panneau(page).getByRole('button', { name: 'Annuler' }).click();
    await annonce(page, 'Dernière action annulée : 1 parcelle en tout.');
    assert.equal(await nombre(page), 1);
  }));

test('Ctrl or Shift and a click begin a selection at any time, and leave the keyboard on the map', () =>
  visiter(`/carte${VUE}`, async (page) => {
    for (const touche of ['Control', 'Shift']) {
      const { x, y } = await pixel(page, centre(parcelle));
      await page.keyboard.down(touche);
      await page.mouse.click(x, y);
      await page.keyboard.up(touche);
      await annonce(page, touche === 'Control' ? 'ajoutée' : 'retirée');
    }
    await panneau(page).waitFor();
    assert.equal(await titreFiche(page).count(), 0);
    assert.ok(await aLeFocus(page.locator('#carte canvas')));
  }));

test('a rectangle by mouse takes what it touches, or only what it contains', () =>
  visiter(`/carte${VUE}`, async (page) => {
    const tracer = async () => {
      await cliquer(page, [lon - D, lat - D / 2]);
      const { x, y } = await pixel(page, [lon + D / 2, lat + D / 2]);
      await page.mouse.move(x - 20, y + 20);
      await page.mouse.click(x, y);
    };
    await ouvrir(page);
    await dessiner(page, 'Rectangle');
    await accessible(page, 'rectangle à tracer');
    await tracer();
    await page.waitForFunction(() => new URLSearchParams(location.search).has('selection'));
    const touchees = await nombre(page);
    assert.ok(touchees > 2, `${touchees} parcelles`);
    await capture(page, '31-selection-rectangle');
    await panneau(page).getByRole('button', { name: 'Tout retirer' }).click();
    await focusSur(page, 'titre-selection');
    await panneau(page).getByLabel('Parcelles', { exact: true }).selectOption('contenu');
    await tracer();
    await page.waitForFunction(() => document.querySelector('[data-annonce="selection"]')?.textContent?.match(/ajoutée|Aucune/));
    assert.ok((await nombre(page)) < touchees, 'moins de parcelles sont contenues que touchées');
  }));

test('a line with a buffer takes more than the line; Escape returns to the click', () =>
  visiter(`/carte${VUE}`, async (page) => {
    const tracer = async () => {
      await cliquer(page, [lon - D / 2, lat]);
      await cliquer(page, [lon + D / 3, lat]);
      await page.keyboard.press('Enter');
    };
    await ouvrir(page);
    await dessiner(page, 'Ligne');
    await tracer();
    await page.waitForFunction(() => new URLSearchParams(location.search).has('selection'));
    const seule = await nombre(page);
    await panneau(page).getByLabel('Tampon (m)').fill('40');
    await page.locator('#carte canvas').focus();
    await tracer();
    await annonce(page, 'en tout');
    await page.waitForFunction((n) => Number(document.querySelector('[data-total="nombre"]')?.textContent?.replace(/\D/g, '')) > n, seule);
    await repos(page);
    await capture(page, '32-selection-ligne-tampon');
    await page.keyboard.press('Escape');
    await panneau(page).getByRole('button', { name: 'Clic', pressed: true }).waitFor();
    assert.equal(await panneau(page).count(), 1, 'Échap abandonne le tracé, pas le panneau');
  }));

test('by keyboard alone: map, polygon, table, removal, undo, and Escape gives the focus back', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await outil(page).focus();
    await page.keyboard.press('Enter');
    await focusSur(page, 'titre-selection');
    const canvas = page.locator('#carte canvas');
    await canvas.focus();
    await page.keyboard.press('Enter');
    await annonce(page, '1 parcelle ajoutée');
    assert.ok(await aLeFocus(canvas));

    await panneau(page).getByRole('button', { name: 'Polygone' }).focus();
    await page.keyboard.press('Space');
    await page.waitForFunction(() => performance.getEntriesByType('resource').some((r) => /traceur/.test(r.name)));
    await page.waitForTimeout(500);
    assert.ok(await aLeFocus(canvas), 'choisir un tracé mène à la carte');
    for (const touche of ['ArrowRight', 'ArrowDown', 'ArrowLeft']) {
      await page.keyboard.press('Space');
      await page.waitForTimeout(400);
      await page.keyboard.press(touche);
      await page.waitForTimeout(800);
    }
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => Number(document.querySelector('[data-total="nombre"]')?.textContent?.replace(/\D/g, '')) > 1);
    const avant = await nombre(page);

    const premiere = lignes(page).first();
    await premiere.focus();
    await page.keyboard.press('ArrowDown');
    const deuxieme = lignes(page).nth(1);
    assert.ok(await aLeFocus(deuxieme), 'les flèches vont d’une ligne à l’autre');
    const restera = await lignes(page).nth(avant > 2 ? 2 : 0).getAttribute('data-idu');
    await deuxieme.getByRole('button', { name: /^Retirer/ }).focus();
    await page.keyboard.press('Enter');
    await annonce(page, '1 parcelle retirée');
    await page.waitForFunction((idu) => document.activeElement?.closest('[data-idu]')?.getAttribute('data-idu') === idu, restera);
    assert.equal(await nombre(page), avant - 1);
    await panneau(page).getByRole('button', { name: 'Annuler', exact: true }).press('Enter');
    assert.equal(await nombre(page), avant);
    await page.locator('#titre-selection').focus();
    await panneau(page).getByRole('button', { name: 'Clic' }).click();
    await page.keyboard.press('Escape');
    await panneau(page).waitFor({ state: 'detached' });
    assert.match(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''), /^Sélection de parcelles/);
  }));

test('a list answers each line: good ones served, unknown, malformed and doubled ones told first', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await ouvrir(page);
    await onglet(page, 'Références');
    const [a, b] = section;
    const liste = [a.id, 'n’importe quoi ???', `${TOWN}000ZZ9999`, a.id, b.id].join('\n');
    await panneau(page).getByLabel('Coller une liste de références').fill(liste);
    await panneau(page).getByRole('button', { name: 'Ajouter la liste' }).click();
    await annonce(page, '2 parcelles ajoutées, 2 en tout.');
    const rapport = panneau(page).getByRole('table', { name: 'Lignes à regarder' });
    await rapport.waitFor();
    assert.deepEqual(await rapport.locator('tbody tr').evaluateAll((trs) => trs.map((tr) => tr.dataset.etat)), ['illisible', 'inconnue', 'double']);
    assert.deepEqual(await rapport.locator('tbody tr td:first-child').allInnerTexts(), ['2', '3', '4']);
    assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), /2 lignes servies, 3 à regarder/);
    await accessible(page, 'liste répondue');
    await capture(page, '33-selection-liste');
  }));

test('a CSV file of references, then a reference typed with suggestions', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await ouvrir(page);
    await onglet(page, 'Références');
    const [a, b] = section.filter((p) => p.id !== parcelle.id);
    const csv = `parcelle;note\r\n${a.id};une\r\n${b.id};deux\r\n`;
    await panneau(page).locator('input[type=file]').setInputFiles({ name: 'lot.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await annonce(page, '2 parcelles ajoutées');

    const champ = panneau(page).getByRole('combobox', { name: 'Ajouter une parcelle par sa référence' });
    await champ.fill(ref);
    await panneau(page).getByRole('option').first().waitFor();
    await accessible(page, 'référence proposée');
    await champ.press('Enter');
    await annonce(page, '1 parcelle ajoutée, 3 en tout.');
    assert.equal(await champ.inputValue(), '');
    assert.ok(await aLeFocus(champ), 'prêt pour la suivante');
    await champ.fill('ZZ 9999');
    await champ.press('Enter');
    await panneau(page).getByRole('alert').getByText('Aucune parcelle « ZZ 9999 »').waitFor();
  }));

test('typed coordinates select without the map, in degrees and in Lambert-93, as a shape file does', () =>
  visiter(`/carte${VUE}`, async (page) => {
    await ouvrir(page);
    await onglet(page, 'Coordonnées');
    const texte = panneau(page).locator('textarea');
    const ajouter = panneau(page).getByRole('button', { name: 'Ajouter les parcelles' });
    await texte.fill(`${lat.toFixed(6)}, ${lon.toFixed(6)}`);
    await ajouter.click();
    await annonce(page, '1 parcelle ajoutée');
    assert.equal(await lignes(page).first().getAttribute('data-idu'), parcelle.id);
    await texte.fill('pas deux nombres');
    await ajouter.click();
    await panneau(page).getByRole('alert').getByText('La ligne 1, « pas deux nombres », n’est pas une position').waitFor();
    await accessible(page, 'coordonnées refusées');

    // The same parcel in Lambert-93, as the page's own coordinates give it.
    await page.getByRole('combobox', { name: 'Système de coordonnées' }).selectOption('legal');
    await page.waitForFunction(() => document.querySelector('.coordonnees-systeme').value === 'legal');
    await page.getByRole('button', { name: 'Copier les coordonnées du centre' }).click();
    const lambert = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(lambert, /^\d{6,7}\.\d\d \d{7}\.\d\d$/);
    await panneau(page).getByRole('button', { name: 'Tout retirer' }).click();
    await panneau(page).getByLabel('Système', { exact: true }).selectOption('2154');
    await texte.fill(lambert);
    await ajouter.click();
    await annonce(page, '1 parcelle ajoutée');
    assert.equal(await lignes(page).first().getAttribute('data-idu'), parcelle.id);
    await capture(page, '34-selection-coordonnees');

    const geojson = JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [[[lon - D, lat - D], [lon + D, lat - D], [lon + D, lat + D], [lon - D, lat + D], [lon - D, lat - D]]] } }] });
    await panneau(page).getByLabel('Système', { exact: true }).selectOption('4326');
    await panneau(page).locator('input[type=file]').setInputFiles({ name: 'zone.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(geojson) });
    await page.waitForFunction(() => Number(document.querySelector('[data-total="nombre"]')?.textContent?.replace(/\D/g, '')) > 2);
    const gpx = `<gpx version="1.1" creator="essai"><wpt lat="${centre(section[0])[1]}" lon="${centre(section[0])[0]}"/></gpx>`;
    await panneau(page).locator('input[type=file]').setInputFiles({ name: 'point.gpx', mimeType: 'application/gpx+xml', buffer: Buffer.from(gpx) });
    await annonce(page, 'en tout');
    await panneau(page).locator('input[type=file]').setInputFiles({ name: 'casse.geojson', mimeType: 'application/geo+json', buffer: Buffer.from('{') });
    await panneau(page).getByRole('alert').getByText('casse.geojson').waitFor();
  }));

test('lines and map point at each other; sorting, ticking and removing', () =>
  visiter(`/carte?selection=${TOWN}000AB~1-12${VUE}`, async (page) => {
    await lignes(page).first().waitFor();
    await repos(page);
    const avant = await page.locator('#carte canvas').screenshot();
    const ligne = panneau(page).locator(`tr[data-idu="${await lignes(page).first().getAttribute('data-idu')}"]`);
    await panneau(page).getByRole('button', { name: /^Voir .* sur la carte/ }).first().click();
    await repos(page);
    await ligne.hover();
    await page.waitForTimeout(300);
    await repos(page);
    const pointee = await page.locator('#carte canvas').screenshot();
    assert.notDeepEqual(pointee, avant);
    const box = await page.locator('#carte').boundingBox();
    // « Voir » brings the parcel's inner point to the middle of what the panel leaves: the pointer there marks its line.
    const idu = await ligne.getAttribute('data-idu');
    const { x, y } = await pixel(page, centre(parcelles.find((p) => p.id === idu)));
    assert.ok(x > box.x && x < box.x + box.width - 440, 'la parcelle est à côté du panneau');
    await page.mouse.move(x, y);
    await panneau(page).locator(`tr[data-idu="${idu}"][data-survol="oui"]`).waitFor();

    await panneau(page).getByRole('columnheader', { name: 'Surface' }).click();
    await panneau(page).getByRole('columnheader', { name: 'Surface' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    const surfaces = (await lignes(page).locator('.nombre:nth-child(4)').allInnerTexts()).map((s) => Number(s.replace(/[^\d,]/g, '').replace(',', '.').replace(/²/, '')));
    assert.deepEqual(surfaces, surfaces.toSorted((a, b) => a - b));
    await lignes(page).nth(0).locator('.case').click();
    await lignes(page).nth(1).locator('.case').click();
    const n = await nombre(page);
    await panneau(page).getByRole('button', { name: 'Retirer les 2 lignes cochées' }).click();
    await annonce(page, '2 parcelles retirées');
    assert.equal(await nombre(page), n - 2);
    assert.ok(await page.evaluate(() => document.activeElement?.closest('[data-idu]') !== null), 'le focus reste dans le tableau');
  }));

test('the link restores the selection; totals agree with the delivered file; back and forward go through', () =>
  visiter(`/carte?selection=${TOWN}000AB~${section.slice(0, 10).map((p) => Number(p.numero)).join(',')}${VUE}`, async (page) => {
    await lignes(page).nth(9).waitFor();
    assert.equal(await nombre(page), 10);
    const contenance = section.slice(0, 10).reduce((s, p) => s + (p.contenance ?? 0), 0);
    const [ca = 0, a = 0, ha = 0] = (await total(page, 'contenance')).split(/[^\d]+/).filter(Boolean).map(Number).reverse();
    assert.equal(ha * 10_000 + a * 100 + ca, contenance);
    await panneau(page).getByRole('button', { name: 'Tout retirer' }).click();
    await adresseDit(page, (url) => !url.searchParams.has('selection'));
    await page.goBack();
    await lignes(page).nth(9).waitFor();
    assert.equal(await nombre(page), 10);
    await page.goForward();
    await panneau(page).getByText('La sélection est vide. Ajoutez').waitFor();
    await page.goBack();
    await lignes(page).nth(9).waitFor();
    await page.reload();
    await lignes(page).nth(9).waitFor();
    assert.equal(await nombre(page), 10);
  }));

test('a link that names parcels of elsewhere says how many, and lets go of them; the rest is extended around', () =>
  visiter(`/carte?selection=${TOWN}000AB~${Number(section[0].numero)}.ZZ~1-3${VUE}`, async (page) => {
    await lignes(page).first().waitFor();
    await panneau(page).getByText('3 parcelles du lien ne sont pas au plan.').waitFor();
    await accessible(page, 'lien ancien');
    await panneau(page).getByRole('button', { name: 'Les retirer' }).click();
    await annonce(page, '3 parcelles retirées, 1 en tout.');
    await focusSur(page, 'titre-selection');
    await panneau(page).getByText('Étendre aux parcelles proches').click();
    await panneau(page).getByRole('button', { name: 'Étendre', exact: true }).click();
    await page.waitForFunction(() => Number(document.querySelector('[data-total="nombre"]')?.textContent?.replace(/\D/g, '')) > 1);
  }));

/** One parcel in two of a section larger than any of the sample: no run to shorten in a link. */
const dispersees = Array.from({ length: 2000 }, (_, rang) => {
  const numero = 2 * (rang + 1);
  return { idu: `${TOWN}000AB${String(numero).padStart(4, '0')}`, reference: `AB ${numero}`, commune: { insee: TOWN, nom: 'Valbrume-sur-Ourche' }, contenance_m2: 100, surface_m2: 100, centre: [lon, lat], adresse: null };
});

test('a selection too long for a link says so, and lasts a reload all the same', () =>
  visiter(
    `/carte${VUE}`,
    async (page) => {
      await ouvrir(page);
      await onglet(page, 'Références');
      await panneau(page).getByLabel('Coller une liste de références').fill('toutes');
      await panneau(page).getByRole('button', { name: 'Ajouter la liste' }).click();
      await lignes(page).first().waitFor();
      assert.equal(await nombre(page), dispersees.length);
      await panneau(page).getByText('trop longue pour tenir dans un lien').waitFor();
      assert.equal(choisies(page), null);
      await page.reload();
      await lignes(page).first().waitFor();
      assert.equal(await nombre(page), dispersees.length);
      assert.equal(await lignes(page).count(), 50, 'le tableau est en pages');
      await panneau(page).getByRole('button', { name: 'Page suivante' }).click();
      await panneau(page).getByText(/Page 2 sur/).waitFor();
      await accessible(page, 'longue sélection');
    },
    {
      avant: (page) =>
        page.route('**/api/selection', (route) =>
          route.fulfill({ json: { parcelles: dispersees, totaux: { parcelles: 2000, contenance_m2: 200_000, sans_contenance: 0, surface_m2: 200_000 }, lignes: [], etendue: null, zone: null } }),
        ),
    },
  ));

test('half of everything is refused with the bound said, and nothing changes', () =>
  visiter(
    `/carte${VUE}`,
    async (page) => {
      await ouvrir(page);
      await onglet(page, 'Coordonnées');
      await panneau(page).locator('textarea').fill(`${lat} ${lon}`);
      await panneau(page).getByRole('button', { name: 'Ajouter les parcelles' }).click();
      await panneau(page).getByRole('alert').getByText('5 000').waitFor();
      assert.equal(await lignes(page).count(), 0);
      await accessible(page, 'sélection refusée');
    },
    {
      tolere: [/422/],
      avant: (page) =>
        page.route('**/api/selection', (route) =>
          route.fulfill({ status: 422, contentType: 'application/problem+json', json: { type: 'about:blank', title: 'Trop', status: 422, detail: 'Cette zone touche 12 345 parcelles ; une sélection en compte 5 000 au plus.' } }),
        ),
    },
  ));

for (const [nom, verifier] of [
  ['CSV', (octets) => assert.match(octets.toString('utf8'), new RegExp(section[0].id))],
  ['GeoJSON', (octets) => assert.deepEqual(JSON.parse(octets.toString('utf8')).features.length, 3)],
  ['GeoPackage', (octets) => assert.equal(octets.subarray(0, 15).toString('latin1'), 'SQLite format 3')],
]) {
  test(`the selection is downloaded as ${nom} and can be opened`, () =>
    visiter(`/carte?selection=${TOWN}000AB~${section.slice(0, 3).map((p) => Number(p.numero)).join(',')}${VUE}`, async (page) => {
      await lignes(page).nth(2).waitFor();
      const attendu = page.waitForEvent('download');
      await panneau(page).getByRole('button', { name: `Exporter en ${nom}` }).click();
      const fichier = await attendu;
      assert.match(fichier.suggestedFilename(), /\.(csv|geojson|gpkg)$/);
      verifier(readFileSync(await fichier.path()));
      await annonce(page, 'téléchargé');
    }));
}

test('on a phone 320 px wide and at 200 % zoom the panel fits and scrolls', async () => {
  for (const taille of [{ width: 320, height: 640 }, { width: 640, height: 400 }]) {
    await visiter(
      `/carte?selection=${TOWN}000AB~1-12${VUE}`,
      async (page) => {
        await lignes(page).first().waitFor();
        const debord = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok((await debord()) <= 0);
        // Scale and sources keep off the buttons of the map, however little the panel leaves.
        const boutons = await page.getByRole('group', { name: 'Déplacement de la carte' }).boundingBox();
        for (const repere of ['.maplibregl-ctrl-scale', '.maplibregl-ctrl-attrib']) {
          const boite = await page.locator(repere).boundingBox();
          const apart = boite.x + boite.width <= boutons.x || boite.x >= boutons.x + boutons.width || boite.y >= boutons.y + boutons.height || boite.y + boite.height <= boutons.y;
          assert.ok(apart, `${repere} est sous les boutons à ${taille.width} px`);
        }
        const corps = panneau(page).locator('.panneau-corps');
        await capture(page, `35-selection-${taille.width}`);
        for (const nom of ['Références', 'Coordonnées']) {
          await onglet(page, nom);
          assert.ok((await debord()) <= 0, nom);
          assert.ok((await corps.evaluate((e) => e.scrollWidth - e.clientWidth)) <= 0, `${nom} tient dans le panneau`);
        }
        await corps.evaluate((e) => e.scrollTo(0, e.scrollHeight));
        await capture(page, `36-selection-${taille.width}-bas`);
        await accessible(page, `sélection ${taille.width}`);
      },
      { taille },
    );
  }
});
