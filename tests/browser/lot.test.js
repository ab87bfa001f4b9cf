// A batch of extracts asked for and followed in plain pages: progress, stop of the refresh, cancel, report, file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, capture, visiter } from './support/browser.js';
import { parcelle, parcelles, reference } from './support/sample.js';

const SANS_SCRIPT = { attendreCarte: false, javaScriptEnabled: false };
const voisines = parcelles.filter((p) => p.commune === parcelle.commune && p.section === parcelle.section);

/** Fills the form and sends it; the page of the job. */
async function demander(page, references, sortie) {
  await page.getByLabel(/^Références des parcelles/).fill(references.join('\n'));
  await page.getByLabel(/^Commune des références/).selectOption(parcelle.commune);
  await page.getByLabel('Fichier').selectOption(sortie);
  await page.getByRole('button', { name: 'Demander les extraits' }).click();
  await page.waitForURL('**/travaux/*');
}

test('without JavaScript: every line is answered and the file is there', () =>
  visiter(
    '/extraits',
    async (page) => {
      const [a, b] = voisines;
      await demander(page, [reference(a), reference(b), 'ZZ 9999', 'n’importe quoi', reference(a)], 'zip');
      // The page loads itself again until the work is done.
      await page.getByRole('table').waitFor();
      const etats = await page.getByRole('table').getByRole('row').allInnerTexts();
      assert.equal(etats.length, 6, etats.join('\n'));
      const texte = await page.getByRole('main').innerText();
      assert.match(texte, /2 extraits/);
      const fichier = page.getByRole('link', { name: /Télécharger/ });
      const reponse = await page.request.get(new URL(await fichier.getAttribute('href'), page.url()).href);
      assert.equal(reponse.status(), 200);
      assert.equal((await reponse.body()).subarray(0, 2).toString(), 'PK');
    },
    SANS_SCRIPT,
  ));

test('a long batch shows its progress, stops refreshing, and is cancelled', () =>
  visiter(
    '/extraits',
    async (page) => {
      await demander(page, parcelles.filter((p) => p.commune === parcelle.commune).map(reference), 'zip');
      await page.getByRole('link', { name: /actualis|recharge/i }).first().click();
      await page.waitForURL('**/travaux/*?arret*');
      assert.equal(await page.locator('meta[http-equiv=refresh]').count(), 0);
      await accessible(page, 'travail en cours');
      await capture(page, 'lot-en-cours');
      await page.getByRole('button', { name: /Annuler/ }).click();
      await page.waitForURL('**/travaux/*');
      await page.getByText(/annulé/i).first().waitFor();
      await accessible(page, 'travail annulé');
      await capture(page, 'lot-annule');
    },
    { attendreCarte: false },
  ));

test('a finished batch and its report hold at 320 px', () =>
  visiter(
    '/extraits',
    async (page) => {
      await demander(page, [reference(voisines[0]), 'ZZ 9999'], 'pdf');
      await page.getByRole('table').waitFor();
      await accessible(page, 'travail fini');
      await capture(page, 'lot-fini-320');
      assert.ok((await page.getByRole('region', { name: /^Ce qu'est devenue/ }).evaluate((region) => region.scrollWidth - region.clientWidth)) <= 0, 'le compte rendu se lit sans défiler de côté');
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)) <= 0);
    },
    { attendreCarte: false, taille: { width: 320, height: 640 } },
  ));
