// Collectivités, roles, « qui voit », « voir comme » : administered on pages; no fault for axe, whole at 320 px, and without JavaScript too.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { accessible, capture, URL_SERVEUR, visiter } from './support/browser.js';
import { communes } from './support/sample.js';
import { command } from './support/server.js';

const donnees = process.env.FINAGE_TEST_DONNEES;
const options = { skip: donnees ? false : 'le serveur n’a pas été démarré par ces tests' };
const [ville, voisine] = communes.map(({ id, nom }) => ({ insee: id, nom }));
const ADMIN = 'chef@exemple.invalid';
const GESTIONNAIRE = 'gestion@exemple.invalid';
const LECTRICE = 'lectrice@exemple.invalid';
const MOT_DE_PASSE = 'girouette bocal sentier opale';
// A refusal is an error of the console too.
const TOLERE = [/status of 4\d\d/];
const debordement = (p) => p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const finage = (args, input = '') => {
  const env = { ...process.env, FINAGE_DATA_DIR: donnees, FINAGE_CONFIG: join(donnees, '..', 'finage.toml') };
  for (const name of Object.keys(env)) if (name.startsWith('FINAGE_TEST_') || name === 'FINAGE_URL' || name === 'FINAGE_BIN') delete env[name];
  return command(process.env.FINAGE_BIN, args, env, input);
};

before(async () => {
  if (!donnees) return;
  for (const [email, nom, ...plus] of [[ADMIN, 'Cheffe d’essai', '--admin'], [GESTIONNAIRE, 'Gestionnaire d’essai'], [LECTRICE, 'Lectrice d’essai']]) {
    await finage(['user', 'add', email, '--name', nom, '--password-stdin', ...plus], `${MOT_DE_PASSE}\n`);
  }
  await finage(['collectivite', 'create', 'ville-essai', '--nom', ville.nom, '--genre', 'commune', '--commune', ville.insee]);
  await finage(['role', 'donner', GESTIONNAIRE, 'gestionnaire', '--collectivite', 'ville-essai']);
});

/** A scenario of pages, signed in. */
const chez = (email, scenario, plus = {}) =>
  visiter(
    '/connexion',
    async (p) => {
      await p.getByLabel('Adresse électronique').fill(email);
      await p.getByLabel('Mot de passe').fill(MOT_DE_PASSE);
      await p.keyboard.press('Enter');
      await p.waitForURL((url) => url.pathname !== '/connexion');
      await scenario(p);
    },
    { attendreCarte: false, tolere: TOLERE, ...plus },
  );

async function saine(p, nom) {
  await accessible(p, nom);
  assert.equal(await p.getByRole('heading', { level: 1 }).count(), 1, nom);
  const taille = p.viewportSize();
  await p.setViewportSize({ width: 320, height: 640 });
  assert.ok((await debordement(p)) <= 0, `${nom} à 320 px`);
  await capture(p, `administration-${nom}-320`);
  await p.setViewportSize(taille);
  await p.emulateMedia({ colorScheme: 'dark' });
  await accessible(p, `${nom}, sombre`);
  await p.emulateMedia({ colorScheme: 'light' });
  await capture(p, `administration-${nom}`);
}

/** The code that a telephone shows now, for a secret in base 32 (RFC 6238). */
function code(secret) {
  const bits = [...secret.replace(/\s/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const cle = Buffer.from(bits.match(/.{8}/g).map((octet) => Number.parseInt(octet, 2)));
  const compteur = Buffer.alloc(8);
  compteur.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', cle).update(compteur).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
}

const aller = (p, path) => p.goto(URL_SERVEUR + path);

test('an administrator makes a collectivité, gives it a territory and a mission, gives a role', options, () =>
  chez(ADMIN, async (p) => {
    await p.getByRole('heading', { name: 'Choisir un second facteur' }).waitFor();
    await p.getByLabel('Code à six chiffres').fill(code(await p.locator('.copiable').innerText()));
    await p.keyboard.press('Enter');
    await p.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();

    await aller(p, '/administration');
    assert.equal(await p.locator('.menu a[aria-current]').innerText(), 'Administration');
    await saine(p, 'comptes');
    await p.getByRole('link', { name: /^Collectivités/ }).click();
    await p.getByLabel('Nom (obligatoire)').fill('Communauté d’essai');
    await p.getByLabel('Code (obligatoire)').fill('Pas Bon');
    await p.getByLabel('Genre').selectOption('epci');
    await p.getByRole('button', { name: 'Créer' }).click();
    assert.match(await p.getByRole('alert').innerText(), /ne peut pas être un code/);
    assert.equal(await p.getByLabel('Code (obligatoire)').getAttribute('aria-invalid'), 'true');
    assert.equal(await p.getByLabel('Nom (obligatoire)').inputValue(), 'Communauté d’essai');
    await saine(p, 'collectivites-refus');
    await p.getByLabel('Code (obligatoire)').fill('essai');
    await p.getByLabel('Communes de son territoire, dès aujourd\'hui').fill(`${ville.insee} ${voisine.insee}`);
    await p.getByRole('button', { name: 'Créer' }).click();
    await p.getByRole('heading', { name: 'Communauté d’essai' }).waitFor();
    await p.getByLabel('À', { exact: true }).selectOption('sig');
    await p.getByLabel('Communes (obligatoire)').fill(ville.insee);
    await p.getByRole('button', { name: 'Ajouter' }).click();
    await p.getByRole('cell', { name: 'mission « sig »', exact: true }).waitFor();
    await saine(p, 'collectivite');
    await p.getByLabel(/^À une date/).fill('2001-01-01');
    await p.getByRole('button', { name: 'Montrer' }).click();
    await p.getByText('Aucune commune à cette date.').waitFor();

    await aller(p, '/administration');
    await p.getByRole('link', { name: 'Lectrice d’essai' }).click();
    await p.getByLabel('Collectivité').selectOption('essai');
    await p.getByLabel('Rôle', { exact: true }).selectOption('lecteur');
    await p.getByRole('button', { name: 'Donner ce rôle' }).click();
    await p.getByRole('button', { name: /Retirer le rôle Lecteur pour essai/ }).waitFor();
    await saine(p, 'compte');
  }));

test('a manager gives a role, is refused, sees who sees, sees as, and goes back', options, () =>
  chez(GESTIONNAIRE, async (p) => {
    await aller(p, '/roles');
    await saine(p, 'roles');
    await p.getByLabel('Adresse électronique du compte (obligatoire)').fill('personne@exemple.invalid');
    await p.getByRole('button', { name: 'Donner ce rôle' }).click();
    assert.match(await p.getByRole('alert').innerText(), /aucun compte actif/i);
    await saine(p, 'roles-refus');
    await p.getByLabel('Adresse électronique du compte (obligatoire)').fill(LECTRICE);
    await p.getByLabel('Rôle', { exact: true }).selectOption('lecteur');
    await p.getByRole('button', { name: 'Donner ce rôle' }).click();
    await p.getByRole('link', { name: 'Lectrice d’essai' }).click();
    await p.getByRole('heading', { name: 'Lectrice d’essai' }).waitFor();
    await saine(p, 'roles-compte');

    await p.getByRole('button', { name: 'Voir comme Lectrice d’essai' }).click();
    await p.getByText(/Vous voyez Finage comme Lectrice d’essai/).waitFor();
    await saine(p, 'vue');
    await aller(p, '/roles');
    assert.equal(await p.getByRole('heading', { level: 1 }).innerText(), 'Demande refusée');
    assert.equal(await p.getByText(/Vous voyez Finage comme/).count(), 1, 'le bandeau est aussi sur un refus');
    await p.getByRole('button', { name: 'Revenir à mon compte' }).click();
    assert.equal(await p.getByText(/Vous voyez Finage comme/).count(), 0);

    await aller(p, '/droits/annotation');
    await p.getByLabel('Identifiant de la fiche (obligatoire)').fill('00000000-0000-4000-8000-000000000000');
    await p.getByRole('button', { name: 'Qui la voit ?' }).click();
    assert.match(await p.getByRole('alert').innerText(), /aucune fiche/i);
    await saine(p, 'qui-voit');

    await aller(p, '/roles');
    await p.getByRole('button', { name: 'Retirer le rôle Lecteur de Lectrice d’essai' }).click();
    assert.equal(await p.getByRole('link', { name: 'Lectrice d’essai' }).count(), 0);
  }));

test('without JavaScript: a role is given and withdrawn', options, () =>
  chez(
    GESTIONNAIRE,
    async (p) => {
      await aller(p, '/roles');
      await p.getByLabel('Adresse électronique du compte (obligatoire)').fill(LECTRICE);
      await p.getByLabel('Rôle', { exact: true }).selectOption('lecteur');
      await p.getByRole('button', { name: 'Donner ce rôle' }).click();
      await p.getByRole('button', { name: 'Retirer le rôle Lecteur de Lectrice d’essai' }).click();
      await p.getByRole('link', { name: 'Lectrice d’essai' }).waitFor({ state: 'detached' });
    },
    { javaScriptEnabled: false },
  ));
