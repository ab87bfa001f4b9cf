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

/** Changes a row as a colleague would, meanwhile. */
export async function changer(page, id, champs) {
  const { version } = await lire(page, id);
  const reponse = await page.request.patch(`${RACINE}/objet/${id}`, { headers: { ...entetes, 'if-match': `"${version}"` }, data: { champs } });
  assert.equal(reponse.status(), 200, await reponse.text());
}
