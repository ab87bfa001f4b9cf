// What everybody sees of a cemetery: a dead person found and shown on the map, the notices, the form; without JavaScript, by keyboard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, adresseDit, capture, repos, URL_SERVEUR, visiter } from './support/browser.js';

const API = `${URL_SERVEUR}/api/modules/cimetiere`;
const { fiches } = await (await fetch(`${API}/defunt?limite=200`)).json();
const defunt = fiches.find((f) => f.libelles.emplacement && f.champs.deces_le);
const NOM = defunt.champs.nom;
const repere = defunt.libelles.emplacement;
const page = (path, scenario, options = {}) => visiter(path, scenario, { attendreCarte: false, ...options });

/** Fills what the form requires. */
async function remplir(p) {
  await p.getByLabel('Votre lien avec la famille').fill('petite-fille');
  await p.getByLabel('Nom de naissance').fill('Essayée');
  await p.getByLabel('Prénoms').fill('Fictive');
  await p.getByLabel('Adresse (obligatoire)').fill('1 rue des Exemples');
  await p.getByLabel('Code postal').fill('99101');
  await p.getByLabel('Ville').fill('Valbrume');
}

test('a dead person is found from the home page, and shown on the spot', () =>
  page('/', async (p) => {
    await p.getByRole('link', { name: 'Rechercher un défunt' }).click();
    await accessible(p, 'recherche');
    await p.getByLabel('Nom', { exact: true }).fill(NOM.toLowerCase());
    await p.getByLabel('Année du décès').fill(defunt.champs.deces_le.slice(0, 4));
    await p.keyboard.press('Enter');
    const ligne = p.getByRole('row').filter({ has: p.locator(`a[href$="${defunt.id}"]`) });
    await ligne.getByText(repere).waitFor();
    await accessible(p, 'résultats');
    await capture(p, 'cimetiere-recherche');
    await ligne.getByRole('rowheader').getByRole('link').click();
    await p.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await p.locator('.plan-sujet').count(), 1, 'son emplacement est sur le plan');
    assert.match(await p.locator('p', { hasText: 'À pied' }).innerText(), /Depuis « .+ En tout, \d+ m à pied/);
    await accessible(p, 'fiche');
    await capture(p, 'cimetiere-defunt');
    await p.emulateMedia({ colorScheme: 'dark' });
    await accessible(p, 'fiche, sombre');
    await p.getByRole('link', { name: 'Voir sur la carte' }).click();
    await adresseDit(p, (url) => url.pathname === '/carte' && url.hash.startsWith('#20/'));
    await repos(p);
    await capture(p, 'cimetiere-carte');
  }));

test('a notice tells its steps, and leads to a form that is sent by keyboard', () =>
  page(
    '/consulter/cimetiere/procedure',
    async (p) => {
      await accessible(p, 'avis');
      await p.getByRole('table').getByRole('rowheader').first().getByRole('link').click();
      await p.getByRole('heading', { name: 'Ce que peuvent faire les familles' }).first().waitFor();
      await accessible(p, 'un avis');
      await capture(p, 'cimetiere-avis');
      await p.getByRole('link', { name: /faites-vous connaître/ }).click();
      await p.getByRole('heading', { name: 'Vos réponses', exact: true }).waitFor();
      await accessible(p, 'formulaire');
      await capture(p, 'cimetiere-formulaire');
      await remplir(p);
      await p.getByLabel('Adresse électronique').fill('essai@exemple.invalid');
      await p.waitForTimeout(2_200);
      await p.getByLabel('Ville').press('Enter');
      await p.getByRole('heading', { name: 'Bien reçu' }).waitFor();
      assert.match(await p.getByRole('main').innerText(), /D\d{4}-\d{4}/);
      await accessible(p, 'reçu');
    },
    { taille: { width: 360, height: 740 } },
  ));

test('without JavaScript: a form sent too soon is given back filled, then received; what is wrong is said beside its field', () =>
  page(
    '/deposer/cimetiere/declaration',
    async (p) => {
      await remplir(p);
      await p.getByLabel('Code postal').fill(' ');
      await p.getByRole('button', { name: 'Envoyer' }).click();
      await p.getByRole('alert').waitFor();
      assert.equal(await p.getByLabel('Nom de naissance').inputValue(), 'Essayée');
      await p.getByLabel('Code postal').fill(' ');
      await p.waitForTimeout(2_200);
      await p.getByRole('button', { name: 'Envoyer' }).click();
      await p.locator('#erreur-code_postal').waitFor();
      await capture(p, 'cimetiere-refus');
      await p.getByLabel('Code postal').fill('99101');
      await p.waitForTimeout(2_200);
      await p.getByRole('button', { name: 'Envoyer' }).click();
      await p.getByRole('heading', { name: 'Bien reçu' }).waitFor();
      await capture(p, 'cimetiere-recu');
    },
    { javaScriptEnabled: false, tolere: [/status of 422/] },
  ));
