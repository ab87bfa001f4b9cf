// Rows of the cemetery of the sample town, read and made beside the pages by the API.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { URL_SERVEUR } from './browser.js';

const RACINE = `${URL_SERVEUR}/api/modules/cimetiere`;

/** What an account of this session asks and writes. */
export function registre({ name, value }) {
  const entetes = { origin: URL_SERVEUR, cookie: `${name}=${value}`, 'content-type': 'application/json' };
  const demander = async (chemin, init = {}) => {
    const reponse = await fetch(RACINE + chemin, { ...init, headers: { ...entetes, ...init.headers } });
    const corps = await reponse.json();
    assert.ok(reponse.ok, `${chemin} : ${JSON.stringify(corps)}`);
    return corps;
  };
  const lire = (objet, id) => demander(`/${objet}/${id}`);
  return {
    lire,
    liste: async (objet, filtre, tri) => (await demander(`/${objet}?${new URLSearchParams({ filter: filtre, limite: '50', fields: 'geometrie', ...(tri ? { sort: tri } : {}) })}`)).fiches,
    total: async (objet, liste) => (await demander(`/${objet}?${new URLSearchParams({ liste, limite: '1' })}`)).total,
    faire: (objet, champs) =>
      demander(`/${objet}?finalite=cimetiere`, { method: 'POST', headers: { 'idempotency-key': randomUUID() }, body: JSON.stringify({ champs, insee: '99101' }) }),
    changer: async (objet, id, champs) => {
      const { version } = await lire(objet, id);
      return demander(`/${objet}/${id}`, { method: 'PATCH', headers: { 'if-match': `"${version}"` }, body: JSON.stringify({ champs }) });
    },
    franchir: async (objet, id, etape) => {
      const { version } = await lire(objet, id);
      return demander(`/${objet}/${id}/etapes/${etape}?finalite=cimetiere`, { method: 'POST', headers: { 'if-match': `"${version}"` }, body: JSON.stringify({ champs: {} }) });
    },
  };
}

/** A day so many days from today, as the server and as people write it. */
export function dans(jours) {
  const jour = new Date(Date.now() + jours * 86_400_000);
  const iso = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(jour);
  return { iso, dit: iso.split('-').reverse().join('/') };
}
