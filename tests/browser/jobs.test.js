import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { accessible, capture, TELEPHONE, visiter } from './support/browser.js';
import { parcelle, parcelles } from './support/sample.js';

const TOWN = parcelle.commune;
const section = parcelles.filter((p) => p.commune === TOWN && p.section === 'AB').toSorted((a, b) => (a.id < b.id ? -1 : 1));
const lien = (n) => `/carte?selection=${TOWN}000AB~${section.slice(0, n).map((p) => Number(p.numero)).join(',')}`;
const selection = (page) => page.locator('#selection');
const travaux = (page) => page.locator('#travaux');

async function demander(page, bouton) {
  await selection(page).locator('tr[data-idu]').first().waitFor();
  await selection(page).getByText('Extraits PDF').click();
  await selection(page).getByRole('button', { name: bouton }).click();
}

/** The server as the contract says it: a job that advances one parcel at each look, and can be cancelled. */
function travailSimule(page, { total = 3, flux = true } = {}) {
  const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const etat = { fait: 0, etat: 'attente', vus: 0, demandes: [] };
  const travail = () => ({
    id,
    genre: 'extraits',
    libelle: `Extraits de plan (${total} parcelles)`,
    etat: etat.etat,
    fait: etat.fait,
    total,
    message: etat.etat === 'en_cours' ? 'AB 2, Valbrume' : null,
    depose_le: '2026-11-24T09:30:00Z',
    debut: null,
    fin: null,
    expire_le: null,
    rapport:
      etat.etat === 'fait'
        ? {
            resume: '2 extraits, 1 référence inconnue',
            lignes: [
              { ligne: 1, texte: 'AB 1', etat: 'servie', idu: section[0].id, message: null },
              { ligne: 2, texte: 'ZZ 9', etat: 'inconnue', idu: null, message: 'La parcelle « ZZ 9 » n’est pas au plan.' },
              { ligne: 3, texte: 'AB 2', etat: 'servie', idu: section[1].id, message: null },
            ],
          }
        : null,
    erreur: null,
    resultat: etat.etat === 'fait' ? { nom: 'extraits.zip', type: 'application/zip', octets: 12_345 } : null,
  });
  return {
    etat,
    installer: async () => {
      await page.route('**/api/travaux', (route) => {
        etat.demandes.push(route.request().postDataJSON());
        return route.fulfill({ status: 202, json: travail() });
      });
      await page.route(`**/api/travaux/${id}`, (route) => {
        if (route.request().method() === 'DELETE') etat.etat = 'annule';
        else if (etat.etat === 'attente') etat.etat = 'en_cours';
        else if (etat.etat === 'en_cours' && !etat.arret) {
          etat.fait += 1;
          if (etat.fait >= total) etat.etat = 'fait';
        }
        return route.fulfill({ json: travail() });
      });
      await page.route(`**/api/travaux/${id}/evenements`, (route) => {
        etat.vus += 1;
        return flux ? route.fulfill({ contentType: 'text/event-stream', body: `event: travail\ndata: ${JSON.stringify({ ...travail(), etat: 'en_cours', fait: 1 })}\n\n` }) : route.abort();
      });
    },
  };
}

test('extracts of the selection are asked with the choices made; without events the job is asked for again until its report', () =>
  visiter(
    lien(3),
    async (page) => {
      const faux = travailSimule(page, { flux: false });
      await faux.installer();
      await selection(page).locator('tr[data-idu]').first().waitFor();
      await selection(page).getByText('Extraits PDF').click();
      const plan = await selection(page).getByRole('link', { name: 'Un plan pour la sélection' }).getAttribute('href');
      assert.equal(plan, `/extrait.pdf?parcelles=${section.slice(0, 3).map((p) => p.id).join(',')}`);
      await selection(page).getByLabel('Format', { exact: true }).selectOption('A3');
      await selection(page).getByLabel('Échelle').selectOption('500');
      await accessible(page, 'extraits à demander');
      await selection(page).getByRole('button', { name: 'En archive ZIP' }).click();
      await page.waitForFunction(() => document.activeElement?.id === 'titre-travaux');
      assert.deepEqual(faux.etat.demandes, [
        { genre: 'extraits', parametres: { parcelles: section.slice(0, 3).map((p) => p.id), references: null, commune: null, fond: null, sortie: 'zip', format: 'A3', orientation: null, echelle: 500 } },
      ]);
      await travaux(page).getByRole('progressbar').waitFor();
      await accessible(page, 'travail en cours');
      await capture(page, '50-travail-en-cours');
      await travaux(page).getByText('2 extraits, 1 référence inconnue').waitFor();
      await travaux(page).getByText('La parcelle « ZZ 9 » n’est pas au plan.').waitFor();
      await travaux(page).getByRole('link', { name: /Télécharger extraits.zip/ }).waitFor();
      await accessible(page, 'travail fini');
      await capture(page, '51-travail-fini');
      await travaux(page).getByRole('button', { name: /Retirer .* de cette liste/ }).click();
      await travaux(page).getByText('Aucun travail en mémoire').waitFor();
      await page.waitForFunction(() => document.activeElement?.id === 'titre-travaux');
    },
    { tolere: [/ERR_FAILED|EventSource/] },
  ));

test('a job survives a reload, is cancelled, and one the server forgot leaves the list', () =>
  visiter(
    lien(3),
    async (page) => {
      const faux = travailSimule(page);
      faux.etat.arret = true;
      await faux.installer();
      await demander(page, 'En un seul PDF');
      await travaux(page).getByText('en cours').waitFor();
      await page.reload();
      await travaux(page).getByText('Extraits de plan (3 parcelles)').waitFor();
      await travaux(page).getByRole('button', { name: /^Annuler le travail/ }).click();
      await travaux(page).getByText('annulé').waitFor();
      assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), /Extraits de plan/);
      await page.unroute('**/api/travaux/0f8fad5b-d9cb-469f-a165-70867728950e');
      await page.reload();
      await travaux(page).getByText('Aucun travail en mémoire').waitFor();
      await page.keyboard.press('Escape');
    },
    { tolere: [/404|EventSource|MIME/] },
  ));

test('too many jobs: the server’s sentence is shown', () =>
  visiter(
    lien(2),
    async (page) => {
      await page.route('**/api/travaux', (route) => route.fulfill({ status: 429, headers: { 'retry-after': '60' }, contentType: 'application/problem+json', json: { type: 'about:blank', title: 'Trop', status: 429, detail: 'Vous avez déjà 3 travaux en cours : attendez la fin de l’un d’eux.' } }));
      await demander(page, 'En un seul PDF');
      await selection(page).getByRole('alert').getByText('Vous avez déjà 3 travaux en cours').waitFor();
    },
    { tolere: [/429/] },
  ));

test('for good: a batch is made by the server, followed, and its archive downloaded', () =>
  visiter(lien(5), async (page) => {
    await demander(page, 'En archive ZIP');
    const lienZip = travaux(page).getByRole('link', { name: /Télécharger/ }).first();
    await lienZip.waitFor();
    const attendu = page.waitForEvent('download');
    await lienZip.click();
    const octets = readFileSync(await (await attendu).path());
    assert.equal(octets.subarray(0, 2).toString('latin1'), 'PK');
    await travaux(page).getByText('Compte rendu').first().waitFor();
    await capture(page, '52-travail-vrai');
  }));

test('for good: a long batch is cancelled', () =>
  visiter(
    lien(120),
    async (page) => {
      await demander(page, 'En un seul PDF');
      await travaux(page).getByRole('button', { name: /^Annuler le travail/ }).first().click();
      await travaux(page).getByText('annulé').waitFor();
    },
    { taille: TELEPHONE },
  ));
