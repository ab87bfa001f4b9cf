// The citizen's journey: one field, two clicks, a PDF to scale; counted, with and without JavaScript, by keyboard, on a phone.
// The time of a first visit is printed, not judged: docs/performance.md keeps it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, capture, visiter } from './support/browser.js';
import { adresse, parcelle, parcelles, reference } from './support/sample.js';

const ref = reference(parcelle);
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

test('by keyboard alone, each step named, announced and focused', () =>
  visiter(
    '/',
    async (page) => {
      const focus = () => page.evaluate(() => ({ role: document.activeElement.tagName, nom: document.activeElement.textContent.trim(), visible: document.activeElement.matches(':focus-visible') }));
      // The field by Tab: skip links and menu come before it.
      let tabulations = 0;
      while (!(await champ(page).evaluate((field) => field === document.activeElement))) {
        await page.keyboard.press('Tab');
        tabulations += 1;
        assert.ok(tabulations < 20, 'le champ se trouve au clavier');
      }
      assert.match(await page.getByRole('search').ariaSnapshot(), /Parcelle, adresse, lieu-dit ou commune/);
      await page.keyboard.type(parcelle.id);
      await page.getByRole('status').filter({ hasText: /1 (résultat|suggestion|proposition)/ }).first().waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/parcelle/${parcelle.id}`);
      assert.match(await page.title(), new RegExp(ref));
      const arbre = await page.getByRole('main').ariaSnapshot();
      for (const nomme of [`heading "Parcelle ${ref}" [level=1]`, 'link "Extrait PDF', 'link "Voir sur la carte"', `img "Plan de la parcelle ${ref}`]) assert.ok(arbre.includes(nomme), `${nomme} dans\n${arbre}`);
      await accessible(page, 'page de la parcelle');
      // The first link of the content is a skip link away.
      tabulations = 0;
      while (!(await lien(page).evaluate((link) => link === document.activeElement))) {
        await page.keyboard.press('Tab');
        tabulations += 1;
        assert.ok((await focus()).visible, `le foyer se voit : ${JSON.stringify(await focus())}`);
        assert.ok(tabulations < 25, 'le lien se trouve au clavier');
      }
      await pdf(page, () => page.keyboard.press('Enter'));
      await capture(page, 'voyage-clavier');
    },
    { attendreCarte: false },
  ));

test('a parcel too large for the scale asked: a page says so and links to what holds it', () =>
  visiter(
    `/parcelle/${grande.id}`,
    async (page) => {
      await page.getByLabel('Format').selectOption('A4');
      await page.getByLabel('Échelle').selectOption('200');
      await page.getByRole('button', { name: 'Extrait PDF avec ces réglages' }).click();
      await page.getByRole('heading', { level: 1, name: 'Cet extrait n’a pas pu être fait' }).or(page.getByRole('heading', { level: 1, name: "Cet extrait n'a pas pu être fait" })).waitFor();
      await accessible(page, 'refus d’un extrait');
      await capture(page, 'voyage-refus');
      await pdf(page, () => page.getByRole('link', { name: /^Extrait A[34]/ }).click());
    },
    { attendreCarte: false, tolere: [/status of 422/] },
  ));
