// The citizen's journey: one field, two clicks, a PDF to scale; counted, with and without JavaScript, by keyboard, on a phone.
// The time of a first visit is printed, not judged: docs/performance.md keeps it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, capture, visiter } from './support/browser.js';
import { adresse, communes, parcelle, parcelles, reference } from './support/sample.js';

/** A reference that both communes have. */
const partagee = reference(parcelles.find((p) => communes.every(({ id }) => parcelles.some((q) => q.commune === id && q.prefixe === '000' && reference(q) === reference(p)))));
/** The largest parcel of the town. */
const grande = parcelles.filter((p) => p.commune === parcelle.commune).sort((a, b) => b.contenance - a.contenance)[0];
const TELEPHONE_ETROIT = { width: 320, height: 640 };
/** A screen of 1280 × 800 at 200 %. */
const AGRANDI = { width: 640, height: 400 };
const champ = (page) => page.getByLabel('Parcelle, adresse, lieu-dit ou commune');
const lien = (page) => page.getByRole('link', { name: 'Extrait PDF' });

/** Counts what the person does: a pointer action or Enter is one action; letters typed are counted apart. */
function compteur(page) {
  let actions = 0;
  return {
    get actions() {
      return actions;
    },
    async entree() {
      actions += 1;
      await page.keyboard.press('Enter');
    },
    async clic(locator) {
      actions += 1;
      await locator.click();
    },
  };
}

/** The PDF that an action brings to the browser, read again as bytes: the viewer keeps its own. */
async function pdf(page, agir) {
  const estPdf = (reponse) => new URL(reponse.url()).pathname.endsWith('/extrait.pdf');
  const [reponse] = await Promise.all([page.waitForResponse(estPdf), agir()]);
  assert.equal(reponse.status(), 200);
  assert.equal(reponse.headers()['content-type'], 'application/pdf');
  assert.match(reponse.headers()['content-disposition'], /filename="extrait-\w{14}\.pdf"/);
  const octets = await (await page.request.get(reponse.url())).body();
  assert.equal(octets.subarray(0, 5).toString(), '%PDF-');
  assert.match(octets.subarray(-32).toString('latin1'), /%%EOF/);
}

/** From the home page to the PDF: what is typed, what parcel it must lead to. */
async function voyage(page, texte, idu) {
  const personne = compteur(page);
  const debut = performance.now();
  await champ(page).fill(texte);
  await personne.entree();
  await page.waitForURL(`**/parcelle/${idu}`);
  await page.getByRole('heading', { level: 1, name: /^Parcelle / }).waitFor();
  await pdf(page, () => personne.clic(lien(page)));
  const secondes = (performance.now() - debut) / 1000;
  console.log(`« ${texte} » : ${personne.actions} actions, ${secondes.toFixed(1)} s`);
  assert.ok(personne.actions <= 2, `${personne.actions} actions`);
}

for (const [nom, options] of [
  ['with JavaScript', {}],
  ['without JavaScript', { javaScriptEnabled: false }],
  ['at 320 px', { taille: TELEPHONE_ETROIT }],
  ['at 200 %', { taille: AGRANDI }],
]) {
  test(`${nom}: one field, two actions, a PDF, from a reference`, () =>
    visiter('/', (page) => voyage(page, parcelle.id, parcelle.id), { attendreCarte: false, ...options }));
  test(`${nom}: one field, two actions, a PDF, from an address`, () =>
    visiter('/', (page) => voyage(page, adresse.libelle, adresse.parcelle.id), { attendreCarte: false, ...options }));
}

/** Presses Tab until the element has the focus; every stop on the way is seen. */
async function tabulerJusqua(page, locator, auPlus) {
  for (let n = 0; n < auPlus; n += 1) {
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.matches(':focus-visible')), 'le foyer se voit');
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`${locator} n’est pas atteint en ${auPlus} tabulations`);
}

/** A page just loaded gives the keyboard its start, and a way over the menu. */
async function passerLeMenu(page) {
  assert.ok(await page.evaluate(() => document.activeElement === document.body), 'le foyer est au début de la page');
  await tabulerJusqua(page, page.getByRole('link', { name: 'Aller au contenu' }), 1);
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'contenu');
}

for (const javaScriptEnabled of [true, false]) {
  test(`by keyboard alone, ${javaScriptEnabled ? 'with' : 'without'} JavaScript: each step named, counted and focused`, () =>
    visiter(
      '/',
      async (page) => {
        // The skip link before the menu leads to the content, where the field is the first thing.
        await passerLeMenu(page);
        await tabulerJusqua(page, champ(page), 1);
        const role = javaScriptEnabled ? 'combobox' : 'searchbox';
        assert.match(await page.getByRole('search').ariaSnapshot(), new RegExp(`${role} "Parcelle, adresse, lieu-dit ou commune"[^]*button "Chercher"`));
        await page.keyboard.type(partagee);
        if (javaScriptEnabled) {
          await page.getByRole('status').filter({ hasText: /^[2-8] suggestions$/ }).waitFor();
          assert.ok(await champ(page).evaluate((field) => field === document.activeElement), 'les suggestions laissent le foyer au champ');
          await page.keyboard.press('Escape');
        }
        await page.keyboard.press('Enter');

        // Both communes have this reference: a list, counted in the title, which is the first thing said of a page.
        await page.waitForURL('**/recherche?q=*');
        const resultats = page.getByRole('main').getByRole('listitem');
        const nombre = await resultats.count();
        assert.ok(nombre >= 2);
        assert.match(await page.title(), new RegExp(`^« ${partagee} » : ${nombre} résultats`));
        const liste = await page.getByRole('main').ariaSnapshot();
        for (const nomme of [`heading "${nombre} résultats pour « ${partagee} »" [level=2]`, ...communes.map(({ nom }) => `link "Parcelle ${partagee}, ${nom}`)]) {
          assert.ok(liste.replaceAll('\u00a0', ' ').includes(nomme), `${nomme} dans\n${liste}`);
        }
        // axe is a script of the page; what it checks is the same without.
        if (javaScriptEnabled) await accessible(page, 'résultats');
        await capture(page, 'voyage-clavier-resultats');
        await passerLeMenu(page);
        await tabulerJusqua(page, page.getByRole('link', { name: `Parcelle ${partagee}, ${communes[0].nom}` }), 4);
        await page.keyboard.press('Enter');

        await page.waitForURL(`**/parcelle/${communes[0].id}*`);
        assert.match(await page.title(), new RegExp(`^Parcelle ${partagee}, ${communes[0].nom}`));
        const arbre = await page.getByRole('main').ariaSnapshot();
        for (const nomme of [`heading "Parcelle ${partagee}" [level=1]`, 'link "Extrait PDF', 'link "Voir sur la carte"', `img "Plan de la parcelle ${partagee}`]) {
          assert.ok(arbre.includes(nomme), `${nomme} dans\n${arbre}`);
        }
        if (javaScriptEnabled) await accessible(page, 'page de la parcelle');
        await passerLeMenu(page);
        await tabulerJusqua(page, lien(page), 4);
        await capture(page, 'voyage-clavier');
        await pdf(page, () => page.keyboard.press('Enter'));
      },
      { attendreCarte: false, javaScriptEnabled },
    ));
}

test('a parcel too large for the scale asked: a page says so and links to what holds it', () =>
  visiter(
    `/parcelle/${grande.id}`,
    async (page) => {
      await page.getByLabel('Format').selectOption('A4');
      await page.getByLabel('Échelle').selectOption('200');
      await page.getByRole('button', { name: 'Extrait PDF avec ces réglages' }).click();
      await page.getByRole('heading', { level: 1, name: "Cet extrait n'a pas pu être fait" }).waitFor();
      await accessible(page, 'refus d’un extrait');
      await capture(page, 'voyage-refus');
      await pdf(page, () => page.getByRole('link', { name: /^Extrait A[34]/ }).click());
    },
    { attendreCarte: false, tolere: [/status of 422/] },
  ));
