// Rows of the module « objets trouvés », made and read beside the pages by the API of the account under test.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { URL_SERVEUR } from './browser.js';
import { parcelles } from './sample.js';

const RACINE = `${URL_SERVEUR}/api/modules/objets_trouves`;
const entetes = { origin: URL_SERVEUR };

/** A point well inside the town: the corner of a parcel of its middle. */
export const LIEU = (() => {
  const [lon, lat] = parcelles.find((p) => p.commune === '99101' && p.section === 'AB').geometry.coordinates.flat(5).slice(0, 2);
  return [lon, lat];
})();

/** Makes an object found; gives it back as the server tells it. */
export async function deposer(page, designation, champs = {}) {
  const reponse = await page.request.post(`${RACINE}/objet`, {
    headers: { ...entetes, 'idempotency-key': randomUUID() },
    data: { champs: { designation, categorie: 'parapluie', trouve_le: '2026-11-27', ...champs }, geometrie: { type: 'Point', coordinates: LIEU } },
  });
  assert.equal(reponse.status(), 201, await reponse.text());
  return reponse.json();
}

export async function lire(page, id) {
  return (await page.request.get(`${RACINE}/objet/${id}`)).json();
}

/** Takes over rows of an older register: « numéro;désignation;catégorie;état;date » by line. */
export async function reprendre(page, lignes) {
  const place = `${RACINE}/objet/imports`;
  const depose = await page.request.post(`${place}?nom=reprise.csv`, {
    headers: { ...entetes, 'content-type': 'application/octet-stream' },
    data: Buffer.from(`N°;Objet;Cat;Etat;Date\n${lignes.join('\n')}\n`),
  });
  assert.equal(depose.status(), 201, await depose.text());
  const colonnes = { 'N°': 'numero', Objet: 'designation', Cat: 'categorie', Etat: 'etat', Date: 'trouve_le' };
  const lance = await page.request.post(`${place}/${(await depose.json()).id}/lancer`, { headers: entetes, data: { correspondance: { colonnes }, reprise: true } });
  assert.equal(lance.status(), 202, await lance.text());
  const travail = `${URL_SERVEUR}/api/travaux/${(await lance.json()).id}`;
  const limite = Date.now() + 60_000;
  for (;;) {
    const { etat, rapport } = await (await page.request.get(travail)).json();
    if (etat === 'fait') return rapport.resume;
    assert.ok(Date.now() < limite && etat !== 'echec', `import : ${etat}`);
    await new Promise((suite) => setTimeout(suite, 200));
  }
}

/** Makes a row with the person who brought it, and archives it; gives its key. */
export async function deposerArchivee(page, designation) {
  const reponse = await page.request.post(`${RACINE}/objet?finalite=restitution`, {
    headers: { ...entetes, 'idempotency-key': randomUUID() },
    data: { champs: { designation, categorie: 'cles', trouve_le: '2020-11-27', inventeur: 'Aloïs Fictif' }, geometrie: { type: 'Point', coordinates: LIEU } },
  });
  assert.equal(reponse.status(), 201, await reponse.text());
  const { id } = await reponse.json();
  const archivee = await page.request.delete(`${RACINE}/objet/${id}`, { headers: entetes });
  assert.ok(archivee.ok(), await archivee.text());
  return id;
}

/** Changes a row as a colleague would, meanwhile. */
export async function changer(page, id, champs) {
  const { version } = await lire(page, id);
  const reponse = await page.request.patch(`${RACINE}/objet/${id}`, { headers: { ...entetes, 'if-match': `"${version}"` }, data: { champs } });
  assert.equal(reponse.status(), 200, await reponse.text());
}
