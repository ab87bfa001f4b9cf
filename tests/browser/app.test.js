// The agents' application on a module: a list, its map and its sheets, by pointer, by keyboard, on a narrow screen.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { accessible, adresseDit, BUREAU, capture, cliquer, repos, visiter } from './support/browser.js';
import { changer, deposer, LIEU, lire } from './support/objets.js';
import { AGENT } from './support/server.js';
import { donnerRole, ouvrirSession, sansSession } from './support/session.js';

const skip = sansSession;
const OBJETS = '/app/objets_trouves/objet';
const [lon, lat] = LIEU;
const VUE = `#17/${lat}/${lon}`;
const ETROIT = { width: 320, height: 640 };
/** A stale edit is refused by design; the browser tells it on its console. */
const tolere = [/status of 412/];

const agent = (page) => page.context().addCookies([ouvrirSession('objets_trouves_agent', ['restitution'])]);
const accueil = (page) => page.context().addCookies([ouvrirSession('objets_trouves_accueil')]);
const debordement = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const grille = (page) => page.getByRole('grid');
const lignes = (page) => page.locator('.grille-ligne[data-id]');
const ligne = (page, texte) => lignes(page).filter({ hasText: texte });
const titre = (page) => page.locator('#titre-fiche');
const bouton = (page, nom) => page.getByRole('button', { name: nom, exact: true });
const champ = (page, nom) => page.getByRole('textbox', { name: nom });
/** By the tools that are folded under « Plus ». */
const ouvrirImport = async (page) => {
  await page.getByRole('button', { name: 'Plus d’actions' }).click();
  await page.getByRole('link', { name: 'Importer' }).click();
};
const ouvrir = (page) => page.locator('.objet-fiche .etat-courant').waitFor();

/** Counts presses of the pointer from here on. */
async function compterClics(page) {
  await page.addInitScript(() => addEventListener('click', (event) => event.isTrusted && sessionStorage.setItem('clics', String(Number(sessionStorage.getItem('clics') ?? 0) + 1)), true));
  return () => page.evaluate(() => Number(sessionStorage.getItem('clics') ?? 0));
}

before(() => {
  if (skip) return;
  ouvrirSession('objets_trouves_agent');
  donnerRole(AGENT.email, 'objets_trouves_agent', ['restitution']);
});

test('who is not signed in is led to sign in, then to the application', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      await adresseDit(page, (url) => url.pathname === '/connexion');
      await page.getByLabel('Adresse électronique').fill(AGENT.email);
      await page.getByLabel('Mot de passe').fill(AGENT.motDePasse);
      await page.getByRole('button', { name: 'Se connecter' }).click();
      await page.getByRole('heading', { level: 1, name: 'Tableau de bord' }).waitFor();
      await page.getByRole('heading', { name: 'Par catégorie' }).waitFor();
      await page.waitForLoadState('networkidle');
      await accessible(page, 'tableau de bord');
      await capture(page, 'app-tableau');
    },
    { attendreCarte: false },
  ));

test('an agent’s day: list, filter, sheet, change, history, undo, new row on the map, child row, archive', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      for (const nom of ['Parapluie noir', 'Parapluie bleu']) await deposer(page, nom);
      await deposer(page, 'Écharpe', { categorie: 'vetement' });
      const clics = await compterClics(page);
      await page.reload();

      // The menu leads to the list, the filter to the umbrellas.
      await page.getByRole('link', { name: 'Objets en dépôt', exact: true }).first().click();
      await ligne(page, 'Écharpe').waitFor();
      await repos(page);
      await accessible(page, 'liste et carte');
      await bouton(page, 'Filtrer').click();
      await page.getByLabel('Ajouter une condition sur').selectOption({ label: 'Catégorie' });
      await page.getByRole('checkbox', { name: 'Parapluie', exact: true }).click();
      await ligne(page, 'Écharpe').waitFor({ state: 'detached' });
      await accessible(page, 'filtre');
      await page.keyboard.press('Escape');
      assert.equal(new URL(page.url()).searchParams.get('filtre'), "categorie in ('parapluie')");

      // A sheet is two presses away from being written.
      const avant = await clics();
      await ligne(page, 'Parapluie noir').click();
      await ouvrir(page);
      await accessible(page, 'fiche');
      await bouton(page, 'Modifier').click();
      assert.equal((await clics()) - avant, 2, 'deux clics de la liste au formulaire');
      await champ(page, 'Désignation').fill('Parapluie noir, manche en bois');
      await accessible(page, 'formulaire');
      await bouton(page, 'Enregistrer').click();
      await titre(page).filter({ hasText: 'manche en bois' }).waitFor();
      await ligne(page, 'manche en bois').waitFor();

      // Its past says what changed, and takes it back.
      await page.getByRole('tab', { name: 'Historique' }).click();
      const pas = page.getByRole('row', { name: /Désignation Parapluie noir Parapluie noir, manche en bois/ });
      await pas.waitFor();
      await accessible(page, 'historique');
      await page.getByRole('button', { name: 'Annuler le changement' }).first().click();
      await ligne(page, 'manche en bois').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Fermer la fiche' }).click();

      // A new row with its place, drawn: four presses and the fields.
      await page.goto(new URL(`${OBJETS}${VUE}`, page.url()).href);
      await repos(page);
      const debut = await clics();
      await bouton(page, 'Ajouter').click();
      await champ(page, 'Désignation').fill('Casquette');
      await page.getByLabel('Catégorie').selectOption('vetement');
      await champ(page, 'Trouvé le').fill('28112026');
      await bouton(page, 'Placer sur la carte').click();
      await page.getByText('Cliquez pour poser').waitFor();
      await repos(page);
      await accessible(page, 'dessin');
      await cliquer(page, LIEU);
      await page.getByText('Un point est posé.').waitFor();
      await bouton(page, 'Enregistrer').click();
      await titre(page).filter({ hasText: 'Casquette' }).waitFor();
      assert.ok((await clics()) - debut <= 4, `${(await clics()) - debut} clics pour une fiche placée`);
      const id = new URL(page.url()).searchParams.get('fiche');
      const faite = await lire(page, id);
      assert.equal(faite.champs.trouve_le, '2026-11-28');
      const metres = Math.hypot((faite.geometrie.coordinates[0] - lon) * 79_000, (faite.geometrie.coordinates[1] - lat) * 111_000);
      assert.ok(metres < 2, `le point est à ${metres.toFixed(1)} m de l’endroit cliqué`);
      await ouvrir(page);
      await repos(page);
      await capture(page, 'app-fiche');

      // A child row, begun from its tab.
      await page.getByRole('tab', { name: 'Réclamations' }).click();
      await page.getByText('Rien pour le moment.').waitFor();
      await page.getByRole('link', { name: 'Ajouter' }).click();
      await page.getByRole('heading', { level: 1, name: /Nouvelle fiche/ }).waitFor();
      await champ(page, 'Motif').fill('Je reconnais ma casquette');
      await accessible(page, 'fiche fille');
      await page.keyboard.press('Control+Enter');
      // Made, it leads back to its parent, on its tab; opened from there, its sheet leads back too.
      await page.getByRole('heading', { level: 1, name: /Casquette/ }).waitFor();
      await page.getByRole('tab', { name: 'Réclamations', selected: true }).waitFor();
      await page.getByRole('link', { name: /^Réclamation du/ }).click();
      await page.getByRole('heading', { level: 1, name: /^Réclamation du/ }).waitFor();
      await page.locator('.fiche-mere').getByRole('link', { name: /Casquette/ }).click();
      await page.getByRole('heading', { level: 1, name: /Casquette/ }).waitFor();
      await page.getByRole('link', { name: /^Réclamation du/ }).waitFor();

      // Archived, it leaves the lists; put back, it is there again.
      await bouton(page, 'Archiver').click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Archiver' }).click();
      await page.getByText('Archivée le').waitFor();
      await page.getByRole('navigation', { name: 'Fil d’Ariane' }).getByRole('link').click();
      await lignes(page).first().waitFor();
      assert.equal(await ligne(page, 'Casquette').count(), 0);
    },
    { avant: agent, attendreCarte: false, taille: { width: 1440, height: 900 } },
  ));

test('by keyboard alone: search, arrows, ticks, sheets one after the other, Escape', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      for (const nom of ['Passe-partout un', 'Passe-partout deux', 'Passe-partout trois']) await deposer(page, nom, { categorie: 'cles' });
      await page.goto(new URL(`${OBJETS}?affichage=liste`, page.url()).href);
      await ligne(page, 'Passe-partout trois').waitFor();
      await page.keyboard.press('Alt+l');
      await page.keyboard.type('Passe-partout');
      await adresseDit(page, (url) => url.searchParams.get('q') === 'Passe-partout');
      await page.getByText('3 lignes', { exact: true }).waitFor();
      await ligne(page, 'Passe-partout deux').waitFor();
      // Newest first: three, two, one.
      await grille(page).focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press(' ');
      await page.getByText('1 ligne cochée').waitFor();
      await page.keyboard.press('Enter');
      await titre(page).filter({ hasText: 'Passe-partout deux' }).waitFor();
      await ouvrir(page);
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'titre-fiche', 'la fiche ouverte au clavier le prend');
      await page.keyboard.press('j');
      await titre(page).filter({ hasText: 'Passe-partout un' }).waitFor();
      await page.keyboard.press('k');
      await titre(page).filter({ hasText: 'Passe-partout deux' }).waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.objet-fiche').waitFor({ state: 'detached' });
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid', 'la liste reprend le clavier');
      await page.keyboard.press('End');
      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      await titre(page).filter({ hasText: 'Passe-partout trois' }).waitFor();
    },
    { avant: agent, attendreCarte: false },
  ));

test('a colleague saved meanwhile: both versions, one choice a field', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      const { id } = await deposer(page, 'Sac');
      await page.goto(new URL(`${OBJETS}/${id}?saisie=1`, page.url()).href);
      await champ(page, 'Désignation').fill('Sac bleu');
      await champ(page, 'Description').fill('Deux poches');
      await changer(page, id, { designation: 'Sac rouge', valeur: '12.50' });
      await bouton(page, 'Enregistrer').click();
      const dialogue = page.getByRole('alertdialog', { name: 'La fiche a changé entre-temps' });
      await dialogue.waitFor();
      await accessible(page, 'conflit');
      await capture(page, 'app-conflit');
      await dialogue.getByRole('radio', { name: 'Sac rouge' }).check();
      await bouton(page, 'Enregistrer ces choix').click();
      await page.getByRole('heading', { level: 1, name: /Sac rouge/ }).waitFor();
      const { champs } = await lire(page, id);
      assert.deepEqual([champs.designation, champs.description, champs.valeur], ['Sac rouge', 'Deux poches', '12.50']);
    },
    { avant: agent, attendreCarte: false, tolere },
  ));

test('a draft left while a colleague saved is chosen field by field, at once and again at the save', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      const { id } = await deposer(page, 'Gant');
      page.on('dialog', (dialogue) => void dialogue.accept());
      await page.goto(new URL(`${OBJETS}/${id}?saisie=1`, page.url()).href);
      await champ(page, 'Désignation').fill('Gant bleu');
      await champ(page, 'Description').fill('En laine épaisse');
      await page.waitForFunction(() => JSON.stringify(localStorage).includes('En laine épaisse'));
      await changer(page, id, { designation: 'Gant rouge' });
      await page.reload();
      const dialogue = page.getByRole('alertdialog', { name: 'La fiche a changé entre-temps' });
      await dialogue.getByRole('radio', { name: 'Gant bleu' }).waitFor();
      await dialogue.getByRole('button', { name: 'Revenir au formulaire' }).click();
      // The draft is kept with the question: nothing is sent before it is answered.
      await page.reload();
      await dialogue.getByRole('button', { name: 'Revenir au formulaire' }).click();
      await bouton(page, 'Enregistrer').click();
      await dialogue.getByRole('radio', { name: 'Gant rouge' }).check();
      await dialogue.getByRole('button', { name: 'Enregistrer ces choix' }).click();
      // The title says « rouge » since the colleague's save: the sheet is read again once one's own is made.
      await page.getByRole('tab', { name: 'Historique' }).waitFor();
      const { champs } = await lire(page, id);
      assert.deepEqual([champs.designation, champs.description], ['Gant rouge', 'En laine épaisse']);
    },
    { avant: agent, attendreCarte: false },
  ));

test('the draft of a child is its parent’s; a session closed meanwhile is opened again at the same place', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      const [un, autre] = [await deposer(page, 'Clef plate'), await deposer(page, 'Clef ronde')];
      page.on('dialog', (dialogue) => void dialogue.accept());
      const fille = (id) => new URL(`/app/objets_trouves/reclamation/nouvelle?avec=objet:${id}`, page.url()).href;
      await page.goto(fille(un.id));
      await champ(page, 'Motif').fill('Ma clef plate');
      await page.waitForFunction(() => JSON.stringify(localStorage).includes('Ma clef plate'));
      await page.goto(fille(autre.id));
      // The name of the parent comes, and nothing of the other's draft.
      await page.waitForFunction(() => [...document.querySelectorAll('input')].some((i) => i.value.includes('Clef ronde')));
      assert.equal(await champ(page, 'Motif').inputValue(), '');
      await page.goto(fille(un.id));
      await page.getByText('a été remise').waitFor();
      assert.equal(await champ(page, 'Motif').inputValue(), 'Ma clef plate');
      await page.context().clearCookies();
      await bouton(page, 'Enregistrer').click();
      await page.locator('.resume').getByText('Votre session est fermée').waitFor();
      assert.equal(await page.getByText('Bearer').count(), 0, 'rien de ce qui se dit aux programmes');
      await page.locator('.resume').getByRole('link', { name: 'Se reconnecter' }).click();
      await adresseDit(page, (url) => url.pathname === '/connexion' && url.searchParams.get('suite')?.includes(`avec=objet:${un.id}`));
    },
    { avant: agent, attendreCarte: false, tolere: [/status of 401/] },
  ));

test('what is typed outlives a reload, without what is personal', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      const { id } = await deposer(page, 'Livre');
      page.on('dialog', (dialogue) => void dialogue.accept());
      await page.goto(new URL(`${OBJETS}/${id}?saisie=1`, page.url()).href);
      await page.getByRole('combobox', { name: 'Données personnelles' }).selectOption('restitution');
      await champ(page, 'Téléphone').fill('01 99 00 00 00');
      await champ(page, 'Description').fill('Couverture verte');
      await page.waitForFunction(() => JSON.stringify(localStorage).includes('Couverture verte'));
      assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes('01 99 00 00 00')), false, 'le navigateur ne garde rien de personnel');
      await page.reload();
      await page.getByText('non enregistrée, a été remise').waitFor();
      assert.equal(await champ(page, 'Description').inputValue(), 'Couverture verte');
      assert.equal(await champ(page, 'Téléphone').count(), 0, 'la finalité se déclare de nouveau');
      await page.getByText('Ce navigateur ne garde pas les données personnelles').filter({ hasText: 'Téléphone' }).waitFor();
      await accessible(page, 'brouillon remis');
      await bouton(page, 'Enregistrer').click();
      await page.getByRole('tab', { name: 'Historique' }).waitFor();
      assert.equal((await lire(page, id)).champs.description, 'Couverture verte');
      assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes('Couverture verte')), false, 'enregistré, le brouillon est oublié');
    },
    { avant: agent, attendreCarte: false },
  ));

test('personal fields show for a declared purpose, in a sheet and in a list', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      await page.goto(new URL(`${OBJETS}?fiche=nouvelle&affichage=liste`, page.url()).href);
      // A new row is written for the only purpose the account may declare: nothing is looked at.
      await page.getByText('Données personnelles tenues pour la finalité').waitFor();
      await champ(page, 'Désignation').fill('Portefeuille');
      await page.getByLabel('Catégorie').selectOption('cles');
      await champ(page, 'Trouvé le').fill('28112026');
      await champ(page, 'Téléphone').fill('01 99 12 34 56');
      await page.getByLabel('Commune').selectOption('99101');
      await bouton(page, 'Enregistrer').click();
      await titre(page).filter({ hasText: 'Portefeuille' }).waitFor();
      // Once it is made, looking at it asks why.
      await page.locator('[data-champ="telephone"]').filter({ hasText: 'masqué' }).waitFor();
      await page.locator('.objet-fiche').getByRole('combobox', { name: 'Données personnelles' }).selectOption('restitution');
      await page.locator('[data-champ="telephone"]').filter({ hasText: '01 99 12 34 56' }).waitFor();
      await ligne(page, 'Portefeuille').filter({ hasText: '01 99 12 34 56' }).waitFor();
      // Hidden again at once, there and here.
      await page.locator('.objet-fiche').getByRole('combobox', { name: 'Données personnelles' }).selectOption('');
      await page.locator('[data-champ="telephone"]').filter({ hasText: 'masqué' }).waitFor();
      assert.equal(await page.getByText('01 99 12 34 56').count(), 0);
    },
    { avant: agent, attendreCarte: false },
  ));

test('who only reads sees no button that writes, nor a field that stays closed', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      await page.goto(new URL(OBJETS, page.url()).href);
      await lignes(page).first().click();
      await ouvrir(page);
      await page.getByRole('button', { name: 'Plus d’actions' }).click();
      await page.getByRole('button', { name: 'Colonnes' }).waitFor();
      for (const nom of ['Ajouter', 'Modifier', 'Archiver', 'Rendre à son propriétaire', 'Exporter', 'Importer']) {
        assert.equal(await page.getByRole('button', { name: nom, exact: true }).or(page.getByRole('link', { name: nom, exact: true })).count(), 0, nom);
      }
      await page.keyboard.press('Escape');
      assert.equal(await page.getByText('Téléphone', { exact: true }).count(), 0);
      assert.equal(await page.getByRole('combobox', { name: 'Données personnelles' }).count(), 0);
      await page.getByRole('tab', { name: 'Fichiers' }).click();
      await page.getByText('Aucun fichier joint.').waitFor();
      assert.equal(await page.locator('.objet-fiche input[type="file"]').count(), 0);
      await repos(page);
      await accessible(page, 'lecture seule');
    },
    { avant: accueil, attendreCarte: false },
  ));

for (const [nom, chemin, pret] of [
  ['tableau de bord', '/app', (page) => page.getByRole('heading', { name: 'Par catégorie' })],
  ['liste', OBJETS, (page) => lignes(page).first()],
  ['nouvelle fiche', `${OBJETS}?fiche=nouvelle`, (page) => champ(page, 'Désignation')],
]) {
  test(`${nom}: nothing to scroll sideways at 320 px, no fault for axe`, { skip }, () =>
    visiter(
      '/app',
      async (page) => {
        await page.goto(new URL(chemin, page.url()).href);
        await pret(page).waitFor();
        await page.waitForLoadState('networkidle');
        assert.ok((await debordement(page)) <= 0, nom);
        await accessible(page, `${nom}, 320 px`);
        await capture(page, `app-320-${nom}`);
      },
      { avant: agent, attendreCarte: false, taille: ETROIT },
    ));
}

test('at 320 px a sheet takes the place of its list, which comes back', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      await page.goto(new URL(OBJETS, page.url()).href);
      await lignes(page).first().click();
      await ouvrir(page);
      assert.ok((await debordement(page)) <= 0, 'fiche');
      assert.equal(await grille(page).isVisible(), false);
      await page.getByRole('button', { name: 'Fermer la fiche' }).click();
      await lignes(page).first().waitFor();
      await page.setViewportSize(BUREAU);
      await repos(page);
    },
    { avant: agent, attendreCarte: false, taille: ETROIT },
  ));

test('the search of the header finds rows and places, by object, and leads to all of them', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      for (const nom of ['Lanterne sourde', 'Lanterne magique']) await deposer(page, nom, { categorie: 'cles' });
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Tableau de bord' }).waitFor();
      const cherche = page.getByRole('combobox', { name: 'Rechercher une fiche, une parcelle, une adresse' });
      await cherche.waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('lanterne');
      const groupe = page.getByRole('group', { name: 'Objets trouvés' });
      await groupe.getByRole('option', { name: /Lanterne sourde/ }).waitFor();
      await accessible(page, 'recherche');
      await capture(page, 'app-recherche');

      // All of them: the list of the object, with the same words.
      await groupe.getByRole('option', { name: 'Tous les résultats : Objets trouvés' }).click();
      await adresseDit(page, (url) => url.pathname === OBJETS && url.searchParams.get('q') === 'lanterne');
      await page.getByText('2 lignes', { exact: true }).waitFor();

      // One of them, by keyboard alone: its sheet.
      await page.getByRole('heading', { level: 1 }).click();
      await page.keyboard.press('/');
      await page.keyboard.type('Lanterne magique');
      await page.getByRole('option', { name: /Lanterne magique/ }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: /Lanterne magique/ }).waitFor();
      assert.equal(await page.locator('.recherche-volet').count(), 0, 'la liste des résultats se replie');
    },
    { avant: agent, attendreCarte: false },
  ));

test('a date that does not exist is refused, never another one; in a filter too', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      const { id } = await deposer(page, 'Calepin');
      await page.goto(new URL(`${OBJETS}/${id}?saisie=1`, page.url()).href);
      await champ(page, 'Trouvé le').fill('31/02/2026');
      await page.keyboard.press('Tab');
      await page.getByText('Cette date n’existe pas').waitFor();
      await accessible(page, 'date refusée');
      await bouton(page, 'Enregistrer').click();
      await page.getByText('Un champ est à corriger').waitFor();
      assert.equal(await champ(page, 'Trouvé le').inputValue(), '31/02/2026');
      assert.equal((await lire(page, id)).champs.trouve_le, '2026-11-27', 'rien n’a changé');
      await champ(page, 'Trouvé le').fill('28/02/2026');
      await bouton(page, 'Enregistrer').click();
      await page.getByRole('tab', { name: 'Historique' }).waitFor();
      assert.equal((await lire(page, id)).champs.trouve_le, '2026-02-28');

      await page.goto(new URL(`${OBJETS}?affichage=liste`, page.url()).href);
      await bouton(page, 'Filtrer').click();
      await page.getByLabel('Ajouter une condition sur').selectOption({ label: 'Trouvé le' });
      await champ(page, 'Valeur').fill('30/02/2026');
      await page.keyboard.press('Tab');
      await page.getByText('Cette date n’existe pas').waitFor();
      assert.equal(new URL(page.url()).searchParams.get('filtre'), null, 'une date fausse ne filtre pas');
      await champ(page, 'Valeur').fill('28/02/2026');
      await adresseDit(page, (url) => url.searchParams.get('filtre') === "trouve_le = date('2026-02-28')");
      await ligne(page, 'Calepin').waitFor();
    },
    { avant: agent, attendreCarte: false },
  ));

test('a filter written wrongly is told beside its text, and leaves the conditions and the list', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      await deposer(page, 'Béret', { categorie: 'vetement' });
      await page.goto(new URL(`${OBJETS}?affichage=liste&filtre=${encodeURIComponent("categorie in ('vetement')")}`, page.url()).href);
      await ligne(page, 'Béret').waitFor();
      await bouton(page, 'Filtre actif').click();
      await page.getByText('Écrire le filtre en texte').click();
      const texte = page.getByLabel('Filtre', { exact: true });
      assert.equal(await texte.inputValue(), "categorie in ('vetement')");
      await texte.fill('couleur = 3');
      await bouton(page, 'Appliquer le texte').click();
      await page.getByRole('alert').filter({ hasText: 'couleur' }).waitFor();
      await accessible(page, 'filtre refusé');
      assert.equal(await texte.getAttribute('aria-invalid'), 'true');
      assert.ok(await page.getByRole('checkbox', { name: 'Vêtement' }).isChecked(), 'les conditions restent');
      assert.equal(new URL(page.url()).searchParams.get('filtre'), "categorie in ('vetement')");
      assert.ok(await ligne(page, 'Béret').isVisible(), 'la liste reste');

      // A link that carries it says so, and counts nothing for ever.
      await page.goto(new URL(`${OBJETS}?affichage=liste&filtre=couleur%3D3`, page.url()).href);
      await page.getByText('Liste non lue').waitFor();
      await bouton(page, 'Effacer le filtre').click();
      await ligne(page, 'Béret').waitFor();
    },
    { avant: agent, attendreCarte: false, tolere: [/status of 400/] },
  ));

test('the box of the heading ticks what is on the screen; the whole result is ticked by its number', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      for (let n = 1; n <= 30; n += 1) await deposer(page, `Jeton ${n}`, { categorie: 'cles' });
      await page.goto(new URL(`${OBJETS}?affichage=liste&q=Jeton`, page.url()).href);
      await page.getByText('30 lignes', { exact: true }).waitFor();
      await ligne(page, 'Jeton 30').waitFor();
      await page.getByRole('checkbox', { name: 'Cocher les lignes affichées' }).check();
      const vues = await page.evaluate(() => {
        const cadre = document.querySelector('.grille').getBoundingClientRect();
        return [...document.querySelectorAll('.grille-ligne[data-id]')].filter((l) => l.getBoundingClientRect().top + 17 < cadre.bottom).length;
      });
      // The bar of actions that came since hides one or two of them.
      const cochees = Number.parseInt(await page.locator('.lot-compte').textContent(), 10);
      assert.ok(cochees >= vues && cochees <= vues + 3 && cochees < 30, `${cochees} cochées pour ${vues} à l’écran`);
      await bouton(page, 'Tout le résultat (30)').click();
      await page.getByText('30 lignes cochées').waitFor();
      await accessible(page, 'tout le résultat');
      await bouton(page, 'Étiquettes').click();
      await page.getByRole('alertdialog').getByText('30 lignes cochées').waitFor();
      await bouton(page, 'Préparer').click();
      await page.getByRole('link', { name: /Télécharger Étiquettes/ }).waitFor();
      await accessible(page, 'étiquettes faites');
    },
    { avant: agent, attendreCarte: false },
  ));

test('a document that shows personal data says its purpose, downloads, and is refused in the page', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      const { id } = await deposer(page, 'Bracelet');
      await page.goto(new URL(`${OBJETS}/${id}?onglet=documents`, page.url()).href);
      const remerciement = page.getByRole('button', { name: /^Remerciement/ });
      await remerciement.click();
      await page.getByRole('alertdialog').getByText('Restitution des objets').waitFor();
      await accessible(page, 'finalité d’un document');
      await bouton(page, 'Préparer pour cette finalité').click();
      // It is only for what was given back.
      await page.getByRole('alert').filter({ hasText: 'ne se fait pas pour cette fiche' }).waitFor();
      assert.equal(new URL(page.url()).pathname, `${OBJETS}/${id}`);

      await bouton(page, 'Rendre à son propriétaire').click();
      await page.getByRole('dialog').getByText('Récépissé de restitution').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Rendre à son propriétaire' }).click();
      await page.locator('.etat-courant').filter({ hasText: 'Rendu' }).waitFor();
      await remerciement.click();
      const [telecharge] = await Promise.all([page.waitForEvent('download'), bouton(page, 'Préparer pour cette finalité').click()]);
      assert.match(telecharge.suggestedFilename(), /^Remerciement.*\.pdf$/);
      await page.getByText('est téléchargé').waitFor();

      // The step is in the past under its own name, with the document it made.
      await page.getByRole('tab', { name: 'Historique' }).click();
      await page.getByRole('heading', { name: /^Rendre à son propriétaire/ }).waitFor();
      await page.getByText('État : En dépôt → Rendu').waitFor();
      await page.getByText('Document joint').waitFor();
      await accessible(page, 'historique d’une étape');
    },
    { avant: agent, attendreCarte: false, tolere: [/status of 409/] },
  ));

test('a file that is refused is named, and the others are joined', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      const { id } = await deposer(page, 'Classeur');
      await page.goto(new URL(`${OBJETS}/${id}?onglet=fichiers`, page.url()).href);
      await page.getByText('20 Mio au plus par fichier').waitFor();
      const fichier = (name, contenu) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(contenu) });
      await page.getByLabel('Joindre des fichiers').setInputFiles([fichier('programme.exe', 'x'), fichier('faux.pdf', 'x'), fichier('note.txt', 'bonjour')]);
      await page.getByRole('link', { name: 'note.txt' }).waitFor();
      const refus = page.getByRole('alert');
      await refus.getByText('« programme.exe »').waitFor();
      await refus.getByText('« faux.pdf »').waitFor();
      await accessible(page, 'fichiers refusés');
    },
    { avant: agent, attendreCarte: false, tolere: [/status of 415/] },
  ));

test('a file becomes rows: matched, tried, corrected, imported; twice changes nothing', { skip }, () =>
  visiter(
    '/app',
    async (page) => {
      const fichier = (contenu) => ({ name: 'depots.csv', mimeType: 'text/csv', buffer: Buffer.from(contenu) });
      const ENTETE = 'Quoi;catégorie;trouvé le;valeur estimée\n';
      await page.goto(new URL(`${OBJETS}?affichage=liste`, page.url()).href);
      await ouvrirImport(page);
      await page.getByRole('heading', { level: 1, name: /Importer un fichier/ }).waitFor();
      await accessible(page, 'import, fichier');
      await page.getByLabel('Choisir un fichier').setInputFiles(fichier(`${ENTETE}Gant gauche;Vêtement;03/05/2026;12,50\nMontre;valeur;hier;\n`));

      // Columns named as fields are matched; the other one is told.
      await page.getByLabel('Champ que remplit « trouvé le »').waitFor();
      assert.equal(await page.getByLabel('Champ que remplit « trouvé le »').inputValue(), 'trouve_le');
      await page.getByText('Désignation. Ces champs sont obligatoires').or(page.getByText(/Aucune colonne ne remplit : Désignation/)).first().waitFor();
      await page.getByLabel('Champ que remplit « Quoi »').selectOption('designation');
      await page.getByRole('group', { name: 'Une fiche se reconnaît à' }).getByRole('checkbox', { name: 'Désignation' }).check();
      await accessible(page, 'import, correspondance');
      await bouton(page, 'Essayer, sans rien écrire').click();
      await page.getByRole('row', { name: /^3 trouvé le hier/ }).waitFor();
      await page.getByText('2 lignes lues : 1 acceptée, 1 refusée.').waitFor();
      await page.getByText('rien n’est importé').waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Ce que ferait l’import', 'le résultat de l’essai prend le clavier');
      await accessible(page, 'import, essai');
      await capture(page, 'app-import');

      // The good rows alone; the other one is given back.
      await page.getByRole('radio', { name: /importer les autres/ }).check();
      // The trial told which rows are good: it is not to be made again.
      await bouton(page, 'Importer…').click();
      await page.getByRole('alertdialog').getByText('1 fiche va être créée.').waitFor();
      await accessible(page, 'import, confirmation');
      await bouton(page, 'Importer').click();
      await page.getByText('1 fiche créée, 1 ligne refusée').waitFor();
      await page.getByRole('link', { name: /Télécharger/ }).waitFor();
      await accessible(page, 'import, compte rendu');
      await page.getByRole('link', { name: 'Voir la liste' }).click();
      await ligne(page, 'Gant gauche').waitFor();

      // Without a place, it is not to be seen on the map, and the sheet says why.
      const gant = await ligne(page, 'Gant gauche').getAttribute('data-id');
      await page.goto(new URL(`${OBJETS}/${gant}`, page.url()).href);
      await page.getByText('Cette fiche n’a pas d’emplacement.').waitFor();
      assert.ok(await bouton(page, 'Voir sur la carte').isDisabled());

      // The same columns find their mapping again, the same row its sheet.
      await page.goto(new URL(`${OBJETS}?affichage=liste`, page.url()).href);
      await ouvrirImport(page);
      await page.getByLabel('Choisir un fichier').setInputFiles(fichier(`${ENTETE}Gant gauche;Vêtement;03/05/2026;12,50\n`));
      await page.getByText('La correspondance de votre dernier import').waitFor();
      await bouton(page, 'Essayer, sans rien écrire').click();
      await page.locator('.import-comptes > div').filter({ hasText: 'inchangées' }).filter({ hasText: '1' }).waitFor();
    },
    { avant: agent, attendreCarte: false },
  ));
