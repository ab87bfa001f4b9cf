// Annotations: on the map, and without it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, capture, cliquer, repos, visiter } from './support/browser.js';
import { centre, parcelle } from './support/sample.js';
import { ouvrirSession, sansSession } from './support/session.js';

const [lon, lat] = centre(parcelle);
const VUE = `#18/${lat}/${lon}`;
const skip = sansSession;
const debordement = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const connecte = (role, finalites) => (page) => page.context().addCookies([ouvrirSession(role, finalites)]);
const annoter = (page) => page.getByRole('button', { name: 'Annotations de la collectivité' });

test('who is not signed in sees nothing of annotations', () =>
  visiter(`/carte${VUE}`, async (page) => {
    assert.equal(await annoter(page).count(), 0);
    await page.getByRole('button', { name: 'Couches et légende' }).click();
    await page.getByText('Limite de parcelle').waitFor();
    assert.equal(await page.getByText('Annotations').count(), 0);
  }));

test('an agent draws a mark, which is on the map and has its sheet', { skip }, () =>
  visiter(
    `/carte${VUE}`,
    async (page) => {
      await annoter(page).click();
      await page.locator('#annotations').waitFor();
      await accessible(page, 'panneau des annotations');
      await page.getByRole('button', { name: 'Repère' }).click();
      await page.getByText('Cliquez un point').waitFor();
      await page.waitForTimeout(300);
      await cliquer(page, [lon, lat]);
      await page.getByLabel('Titre (obligatoire)').fill('Banc à réparer');
      await page.getByLabel('Catégorie').selectOption('travaux');
      await page.getByLabel('Texte').fill('Deux lattes cassées');
      await accessible(page, 'formulaire d’annotation');
      await page.getByRole('button', { name: 'Enregistrer l’annotation' }).click();
      await page.getByRole('heading', { name: 'Banc à réparer' }).waitFor();
      await page.getByText('Deux lattes cassées').waitFor();
      await accessible(page, 'fiche d’annotation');
      await capture(page, 'annotation-carte');
      // Closed, it is found again by a click on the map.
      await page.getByRole('button', { name: 'Fermer les annotations' }).click();
      await page.waitForTimeout(500);
      await repos(page);
      await cliquer(page, [lon, lat]);
      await page.getByRole('heading', { name: 'Banc à réparer' }).waitFor();
      // Its layer has its switch and its legend.
      await page.getByRole('button', { name: 'Couches et légende' }).click();
      await page.getByText('Repère', { exact: true }).waitFor();
      await page.locator('.case', { hasText: 'Annotations' }).click();
      await page.waitForTimeout(200);
      await repos(page);
      await page.getByRole('button', { name: 'Couches et légende' }).click();
      await cliquer(page, [lon, lat]);
      await page.locator('#fiche').waitFor();
    },
    { avant: connecte('agent') },
  ));

test('without JavaScript: made, changed, with a file, archived', { skip }, () =>
  visiter(
    '/annotations/nouvelle',
    async (page) => {
      await page.getByLabel('Titre (obligatoire)').fill('Borne');
      await page.getByLabel('Emplacement (obligatoire)').fill(`${lat.toFixed(6)} ${lon.toFixed(6)}`);
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByRole('heading', { level: 1, name: 'Borne' }).waitFor();
      await page.getByLabel('Texte').fill('Vue sur place');
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByText('Texte : rien devient « Vue sur place »').waitFor();
      await page.getByLabel('Joindre un fichier').setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('Bonjour') });
      await page.getByRole('button', { name: 'Joindre', exact: true }).click();
      await page.getByRole('link', { name: 'note.txt' }).waitFor();
      await capture(page, 'annotation-fiche');
      await page.getByRole('button', { name: 'Archiver cette fiche' }).click();
      await page.getByRole('heading', { level: 1, name: 'Annotations' }).waitFor();
      assert.equal(await page.getByRole('link', { name: 'Borne' }).count(), 0);
    },
    { avant: connecte('agent'), attendreCarte: false, javaScriptEnabled: false },
  ));

for (const [nom, path, role, finalites] of [
  ['liste', '/annotations', 'agent'],
  ['nouvelle', '/annotations/nouvelle', 'agent'],
  ['journal', '/journal?chaine=acte', 'dpo'],
  ['rgpd', '/rgpd?q=exemple', 'dpo', ['droits_des_personnes']],
]) {
  test(`${nom}: no fault for axe in both schemes, nothing to scroll sideways at 320 px`, { skip }, () =>
    visiter(
      path,
      async (page) => {
        await accessible(page, nom);
        assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
        await capture(page, `agent-${nom}`);
        await page.emulateMedia({ colorScheme: 'dark' });
        await accessible(page, `${nom}, sombre`);
        await page.setViewportSize({ width: 320, height: 640 });
        assert.ok((await debordement(page)) <= 0, '320 px');
      },
      { avant: connecte(role, finalites), attendreCarte: false },
    ));
}

test('the sheet of an annotation: no fault for axe, an error beside its field', { skip }, () =>
  visiter(
    '/annotations/nouvelle',
    async (page) => {
      await page.getByLabel('Titre (obligatoire)').fill('Portail');
      await page.getByLabel('Emplacement (obligatoire)').fill('ici');
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByRole('alert').waitFor();
      await accessible(page, 'formulaire refusé');
      await page.getByLabel('Emplacement (obligatoire)').fill(`${lat.toFixed(6)} ${lon.toFixed(6)}`);
      await page.getByRole('button', { name: 'Enregistrer' }).click();
      await page.getByRole('heading', { level: 1, name: 'Portail' }).waitFor();
      await accessible(page, 'fiche');
    },
    { avant: connecte('agent'), attendreCarte: false, tolere: [/status of 400/] },
  ));
