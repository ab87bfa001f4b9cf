// Accounts: signed in by keyboard, with a second factor, without JavaScript, at 320 px; no fault for axe on any page.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { accessible, capture, URL_SERVEUR, visiter } from './support/browser.js';
import { AGENT } from './support/server.js';

/** Printed by the first start: the administrator chooses a password. Absent on a server that was there before. */
const lien = process.env.FINAGE_TEST_LIEN;
const options = { skip: lien ? false : 'le serveur n’a pas été démarré par ces tests' };
const MOT_DE_PASSE = 'lanterne hublot cerise talus';
// A refusal is an error of the console too.
const TOLERE = [/status of 4\d\d/];
const page = (path, scenario, plus = {}) => visiter(path, scenario, { attendreCarte: false, tolere: TOLERE, ...plus });
const debordement = (p) => p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** The code that a telephone shows now, for a secret in base 32 (RFC 6238). */
function code(secret, pas = 0) {
  const bits = [...secret.replace(/\s/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const cle = Buffer.from(bits.match(/.{8}/g).map((octet) => Number.parseInt(octet, 2)));
  const compteur = Buffer.alloc(8);
  compteur.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + pas));
  const mac = createHmac('sha1', cle).update(compteur).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
}

/** Signs in by keyboard alone. */
async function entrer(p, email, motDePasse) {
  await p.goto(`${URL_SERVEUR}/connexion?suite=/compte`);
  await p.getByLabel('Adresse électronique').focus();
  await p.keyboard.type(email);
  await p.keyboard.press('Tab');
  await p.keyboard.type(motDePasse);
  await p.keyboard.press('Enter');
}

async function saine(p, nom) {
  await accessible(p, nom);
  assert.equal(await p.getByRole('heading', { level: 1 }).count(), 1, nom);
  const taille = p.viewportSize();
  await p.setViewportSize({ width: 320, height: 640 });
  assert.ok((await debordement(p)) <= 0, `${nom} à 320 px`);
  await capture(p, `compte-${nom}-320`);
  await p.setViewportSize(taille);
  await p.emulateMedia({ colorScheme: 'dark' });
  await accessible(p, `${nom}, sombre`);
  await p.emulateMedia({ colorScheme: 'light' });
}

for (const [nom, path] of [
  ['connexion', '/connexion'],
  ['oublie', '/mot-de-passe/oublie'],
  ['lien-use', '/mot-de-passe/inconnu'],
]) {
  test(`${nom}: no fault for axe, whole at 320 px`, options, () => page(path, (p) => saine(p, nom)));
}

test('an agent signs in by keyboard, sees the account, signs out', options, () =>
  page(
    '/compte',
    async (p) => {
      assert.equal(new URL(p.url()).pathname, '/connexion', 'une page réservée mène à la connexion');
      await entrer(p, AGENT.email, 'pas le bon mot de passe');
      const refus = p.getByRole('alert');
      assert.match(await refus.innerText(), /ne correspondent à aucun compte/);
      assert.equal(await p.getByLabel('Mot de passe').getAttribute('aria-invalid'), 'true');
      assert.equal(await p.getByLabel('Adresse électronique').inputValue(), AGENT.email);
      await saine(p, 'refus');
      await entrer(p, AGENT.email, AGENT.motDePasse);
      await p.getByRole('heading', { name: 'Mon compte' }).waitFor();
      await saine(p, 'compte');
      const cookies = await p.context().cookies();
      assert.ok(cookies.some((c) => c.name === 'finage-local' && c.httpOnly && c.sameSite === 'Lax'));
      await p.getByLabel('Mot de passe actuel').fill('faux');
      await p.getByLabel('Nouveau mot de passe').fill('court');
      await p.getByLabel('Le même, une seconde fois').fill('court');
      await p.getByRole('button', { name: 'Changer et fermer' }).click();
      assert.match(await p.getByRole('alert').innerText(), /trop court/);
      await saine(p, 'compte-refus');
      await p.getByRole('button', { name: 'Se déconnecter' }).focus();
      await p.keyboard.press('Enter');
      await p.getByRole('status').getByText('déconnecté').waitFor();
      await p.goto(`${URL_SERVEUR}/compte`);
      assert.equal(new URL(p.url()).pathname, '/connexion');
    },
    { javaScriptEnabled: true },
  ));

test('the first administrator chooses a password, then a second factor, and signs in with it', options, () =>
  page(lien, async (p) => {
    await saine(p, 'mot-de-passe');
    await p.getByLabel('Mot de passe (obligatoire)').fill(MOT_DE_PASSE);
    await p.getByLabel('Le même, une seconde fois').fill(MOT_DE_PASSE);
    await p.keyboard.press('Enter');
    await p.getByRole('status').getByText('est changé').waitFor();
    await entrer(p, 'administration@localhost', MOT_DE_PASSE);
    await p.getByRole('heading', { name: 'Choisir un second facteur' }).waitFor();
    await saine(p, 'enrolement');
    const secret = await p.locator('.copiable').innerText();
    await p.getByLabel('Code à six chiffres').fill(code(secret));
    await p.keyboard.press('Enter');
    await p.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
    const codes = await p.locator('.codes code').allInnerTexts();
    assert.equal(codes.length, 10);
    await saine(p, 'codes');
    await p.getByRole('link', { name: 'Continuer' }).click();
    await p.getByRole('heading', { name: 'Mon compte' }).waitFor();
    await saine(p, 'compte-second-facteur');

    await p.getByRole('button', { name: 'Se déconnecter' }).click();
    await entrer(p, 'administration@localhost', MOT_DE_PASSE);
    await p.getByRole('heading', { name: 'Second facteur' }).waitFor();
    await saine(p, 'second-facteur');
    await p.getByLabel('Code (obligatoire)').fill('000000');
    await p.keyboard.press('Enter');
    assert.match(await p.getByRole('alert').innerText(), /n'est pas le bon/);
    await p.getByLabel('Code (obligatoire)').fill(codes[0]);
    await p.keyboard.press('Enter');
    await p.getByRole('heading', { name: 'Mon compte' }).waitFor();
  }));
