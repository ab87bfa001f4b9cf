// The less usual journeys of the cemetery: what a rule refuses and who may pass it over, works, an abandonment, an exhumation
// undone, a photograph.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { PNG } from 'pngjs';
import { accessible, capture, visiter } from './support/browser.js';
import { dans, registre } from './support/cimetiere.js';
import { ouvrirSession, sansSession } from './support/session.js';

const skip = sansSession;
/** Years without a burial, and a little more, after which a concession is given up. */
const DIX_ANS = 11 * 366;
let agent;
let gestionnaire;
let tenu;
let reglage;

before(async () => {
  if (skip) return;
  agent = ouvrirSession('cimetiere_agent', ['cimetiere']);
  gestionnaire = ouvrirSession('cimetiere_gestionnaire', ['cimetiere']);
  tenu = registre(gestionnaire);
  [reglage] = await tenu.liste('reglage', 'paiement is not null');
  await tenu.changer('reglage', reglage.id, { paiement: 'titre' });
});

const bouton = (page, nom) => page.getByRole('button', { name: nom, exact: true });
const lien = (page, nom) => page.getByRole('link', { name: nom, exact: true });
const champ = (page, nom) => page.getByRole('textbox', { name: nom });
const choix = (page, nom) => page.getByRole('combobox', { name: nom });
const onglet = (page, nom) => page.getByRole('tab', { name: nom, exact: true });
const dit = (page, nom) => page.locator(`[data-champ="${nom}"] dd`);
const refus = (page) => page.locator('.manquements');
const idDe = (page) => new URL(page.url()).pathname.split('/').at(-1);
const hors = (iso, jours) => new Date(Date.parse(iso) + jours * 86_400_000).toISOString().slice(0, 10);
const enClair = (iso) => iso.split('-').reverse().join('/');

/** A picture as a telephone would give it, of one colour. */
const photo = (rouge, vert, bleu) => {
  const png = new PNG({ width: 640, height: 480 });
  for (let i = 0; i < png.data.length; i += 4) png.data.set([rouge, vert, bleu, 255], i);
  return PNG.sync.write(png);
};

const parcourir = (compte, depart, scenario) =>
  visiter(depart, scenario, { attendreCarte: false, tolere: [/status of 422/], avant: (page) => page.context().addCookies([compte]) });

/** The rows of a list, whole. */
const lire = async (objet, filtre, tri) => Promise.all((await tenu.liste(objet, filtre, tri)).map(({ id }) => tenu.lire(objet, id)));

/** Chooses a row by what it is called. */
async function choisir(page, nom, texte) {
  await choix(page, nom).fill(texte);
  await page.getByRole('option').filter({ hasText: texte }).first().click();
}

/** Takes a step of the sheet, these fields said. */
async function franchir(page, etape, remplir = async () => {}) {
  await bouton(page, etape).click();
  const dialogue = page.getByRole('dialog');
  await remplir(dialogue);
  await dialogue.getByRole('button', { name: etape, exact: true }).click();
  await dialogue.waitFor({ state: 'detached' });
}

/** Writes a reason under the rules refused, and passes. */
async function passerOutre(page, motif) {
  await bouton(page, 'Passer outre…').click();
  await bouton(page, 'Passer outre pour ce motif').click();
  await page.getByText('Dites en quelques mots pourquoi.').waitFor();
  await champ(page, /^Pourquoi passer outre/).fill(motif);
  await bouton(page, 'Passer outre pour ce motif').click();
}

/** A row is refused to who may not pass rules over, and told so. */
async function refuseSansRecours(page, regle) {
  await refus(page).getByText(regle).first().waitFor();
  await refus(page).getByText('Un responsable qui en a le droit peut passer outre').waitFor();
  assert.equal(await bouton(page, 'Passer outre…').count(), 0);
}

test('a price that is not the tariff’s is refused with its reckoning, and passed over in writing by who may', { skip }, async () => {
  const [place] = await tenu.liste('emplacement', "statut = 'libre' and nature = 'concession'", '-ordre');
  const { id: titulaire } = await tenu.faire('personne', { nom: 'FICTIVE', prenoms: 'Philippine' });
  const depart = `/app/cimetiere/contrat/nouvelle?avec=emplacement:${place.id}&avec=titulaire:${titulaire}`;
  const saisir = async (page) => {
    await choix(page, 'Titulaire').waitFor();
    await champ(page, 'Prix').fill('12,50');
    await bouton(page, 'Enregistrer').click();
  };
  await parcourir(agent, depart, async (page) => {
    await saisir(page);
    await refuseSansRecours(page, /Le prix \(12,50 €\) n.est pas celui du tarif/);
    await accessible(page, 'prix refusé à l’agent');
    await capture(page, 'gestes-prix-agent');
  });
  await parcourir(gestionnaire, depart, async (page) => {
    await saisir(page);
    await refus(page).waitFor();
    await bouton(page, 'Passer outre…').click();
    await accessible(page, 'motif à écrire');
    await capture(page, 'gestes-prix-motif');
    await bouton(page, 'Passer outre…').click();
    await passerOutre(page, 'Remise votée par le conseil, délibération fictive');
    await page.waitForURL(/contrat\/[0-9a-f-]{36}/);
    await dit(page, 'prix').getByText('12,50').waitFor();
    await accessible(page, 'contrat au prix consenti');
    await capture(page, 'gestes-prix-consenti');
  });
});

test('a burial past its fourteenth day is refused with its article, and passed over in writing by who may', { skip }, async () => {
  const contrats = await lire('contrat', `etat = 'signe' and classe = 'familiale' and duree = 'trentenaire' and fin_le > date('${dans(365).iso}')`, 'acte_le');
  const places = await Promise.all(contrats.map(({ champs }) => tenu.lire('emplacement', champs.emplacement)));
  const place = places.find(({ champs }) => Number(champs.libres_cercueil) >= 1 && champs.nature === 'concession');
  assert.ok(place, 'une concession de l’exemple a une place');
  const { id: defunt } = await tenu.faire('defunt', { nom: 'FICTIF', prenoms: 'Quinzejours', deces_le: dans(-15).iso });
  const depart = `/app/cimetiere/operation/nouvelle?avec=emplacement:${place.id}&avec=defunt:${defunt}&avec=genre:inhumation`;
  const saisir = async (page) => {
    await choix(page, 'Défunt').waitFor();
    await champ(page, 'Prévue le').fill(dans(0).dit);
    await page.getByLabel('Droit à sépulture').selectOption('domicile');
    await page.getByLabel('Lien avec le titulaire').selectOption('conjoint');
    await bouton(page, 'Enregistrer').click();
  };
  await parcourir(agent, depart, async (page) => {
    await saisir(page);
    await refuseSansRecours(page, 'La loi ne laisse pas passer cette règle');
    await refus(page).getByText(/R2213-33/).waitFor();
    await accessible(page, 'inhumation tardive refusée');
    await capture(page, 'gestes-quinze-jours');
  });
  await parcourir(gestionnaire, depart, async (page) => {
    await saisir(page);
    await refus(page).waitFor();
    await passerOutre(page, 'Dérogation du préfet annoncée par téléphone, l’écrit suit');
    await page.waitForURL(/operation\/[0-9a-f-]{36}/);
    // What was passed over once is asked no more: it is authorised, today.
    await franchir(page, 'Autoriser');
    await page.locator('.resultat-etape a').waitFor();
    await accessible(page, 'inhumation tardive autorisée');
    await capture(page, 'gestes-quinze-jours-autorisee');
    assert.equal((await tenu.lire('operation', idDe(page))).champs.etat, 'autorisee');
  });
});

test('works are authorised, seen before and after with their photographs, and done', { skip }, async () => {
  const [place] = await tenu.liste('emplacement', "statut = 'occupe' and nature = 'concession'", 'ordre');
  await parcourir(agent, `/app/cimetiere/emplacement/${place.id}?onglet=cimetiere.travaux`, async (page) => {
    await lien(page, 'Ajouter').click();
    await choisir(page, 'Nature', 'Pose d’un monument');
    await choisir(page, 'Entreprise', 'Marbrerie du Modèle');
    await champ(page, 'Début le').fill(dans(0).dit);
    await accessible(page, 'travaux demandés');
    await capture(page, 'gestes-travaux-demande');
    await bouton(page, 'Enregistrer et autoriser').click();
    await page.locator('.resultat-etape a').waitFor();
    await accessible(page, 'travaux autorisés');
    await capture(page, 'gestes-travaux-autorises');
    const constater = (etape, texte, moment, image) =>
      franchir(page, etape, async (dialogue) => {
        await dialogue.getByRole('textbox', { name: new RegExp(`^État des lieux ${moment}`) }).fill(texte);
        if (moment === 'après') await dialogue.getByRole('textbox', { name: /^Fin le/ }).fill(dans(0).dit);
        await dialogue.getByLabel(`Joindre un fichier pour Photographie ${moment}`).setInputFiles({ name: `${moment}.png`, mimeType: 'image/png', buffer: image });
        await dialogue.getByRole('option', { name: `${moment}.png` }).waitFor({ state: 'attached' });
        await accessible(page, `état des lieux ${moment}`);
        await capture(page, `gestes-travaux-${moment === 'avant' ? 'avant' : 'apres'}`);
      });
    await constater('Constater le début', 'Semelle intacte, allée propre.', 'avant', photo(90, 120, 160));
    await constater('Constater la fin', 'Monument posé, allée remise en état.', 'après', photo(160, 120, 90));
    await page.locator('.etat-courant').filter({ hasText: 'Achevés' }).waitFor();
    for (const moment of ['avant', 'après']) await page.getByRole('img', { name: `${moment}.png` }).first().waitFor();
    await accessible(page, 'travaux achevés');
    await capture(page, 'gestes-travaux-acheves');
    const { champs } = await tenu.lire('travaux', idDe(page));
    assert.equal(champs.etat, 'acheve');
    assert.ok(champs.photo_avant && champs.photo_apres && champs.photo_avant !== champs.photo_apres);
  });
});

/** A concession old enough, where nobody has been buried of late, and nobody protects it. */
async function abandonnable() {
  const contrats = await lire('contrat', "etat = 'signe' and duree = 'perpetuelle' and acte_le < date('1990-01-01')", 'acte_le');
  for (const contrat of contrats) {
    const { emplacement } = contrat.champs;
    const sejours = await lire('sejour', `emplacement = '${emplacement}'`);
    const procedures = await tenu.liste('procedure', `emplacement = '${emplacement}'`);
    const defunts = await Promise.all(sejours.map(({ champs }) => tenu.lire('defunt', champs.defunt)));
    const anciens = sejours.every(({ champs }) => champs.du && champs.du < dans(-DIX_ANS).iso);
    if (procedures.length === 0 && anciens && !defunts.some(({ champs }) => champs.mort_pour_la_france)) return contrat;
  }
  return assert.fail('aucune concession de l’exemple ne peut être dite abandonnée');
}

test('an abandonment is opened and its steps noted, none a day early, and its papers printed', { skip }, async () => {
  const contrat = await abandonnable();
  const imprimer = async (page, nom) => {
    const recu = page.waitForEvent('download');
    await onglet(page, 'Documents').click();
    await bouton(page, `${nom} (télécharger le PDF)`).click();
    await bouton(page, 'Préparer pour cette finalité').click();
    assert.match((await recu).suggestedFilename(), /\.pdf$/);
    await page.getByText(/est téléchargé/).waitFor();
  };
  await parcourir(agent, `/app/cimetiere/contrat/${contrat.id}`, async (page) => {
    await lien(page, 'Engager la reprise : abandon').click();
    await choix(page, 'Contrat').waitFor();
    assert.ok((await choix(page, 'Contrat').inputValue()).startsWith(contrat.champs.numero));
    // Nothing begins by its end.
    assert.equal(await page.getByRole('button', { name: /^Enregistrer et/ }).count(), 0);
    await accessible(page, 'procédure à ouvrir');
    await capture(page, 'gestes-abandon-nouveau');
    await champ(page, 'Ouverte le').fill(dans(-41).dit);
    await bouton(page, 'Enregistrer').click();
    await page.waitForURL(/procedure\/[0-9a-f-]{36}/);
    await dit(page, 'prochaine').getByText('Premier avis à la famille').waitFor();
    await accessible(page, 'procédure ouverte');
    await capture(page, 'gestes-abandon-ouverte');
    const procedure = idDe(page);
    const noter = async (le) => {
      await champ(page, 'Faite le').fill(le);
      await bouton(page, 'Enregistrer').click();
    };
    await lien(page, 'Noter l’étape suivante').click();
    await choix(page, 'Étape').waitFor();
    assert.equal(await choix(page, 'Étape').inputValue(), 'Premier avis à la famille');
    await noter(dans(-40).dit);
    await page.waitForURL((url) => url.pathname.endsWith(procedure));
    await lien(page, 'Premier avis à la famille').waitFor();
    await capture(page, 'gestes-abandon-avis');
    await imprimer(page, 'Avis de visite des lieux');

    // A month after the notice, not one day before.
    const { champs } = await tenu.lire('procedure', procedure);
    assert.equal(champs.prochaine, 'pv_1');
    await lien(page, 'Noter l’étape suivante').click();
    await choix(page, 'Étape').waitFor();
    await noter(enClair(hors(champs.prochaine_le, -1)));
    await refuseSansRecours(page, /R2223-1[38]/);
    const jour = new Intl.DateTimeFormat('fr-FR', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(champs.prochaine_le)).replace(/^1 /, '1er ');
    await refus(page).getByText(`possible à partir du ${jour}`).waitFor();
    await accessible(page, 'étape un jour trop tôt');
    await capture(page, 'gestes-abandon-trop-tot');
    await noter(enClair(champs.prochaine_le));
    await page.waitForURL((url) => url.pathname.endsWith(procedure));
    await lien(page, 'Premier procès-verbal').click();
    await page.waitForURL(/etape_procedure\/[0-9a-f-]{36}/);
    await imprimer(page, 'Procès-verbal de constat');
    await accessible(page, 'procès-verbal imprimé');
    await capture(page, 'gestes-abandon-pv');
    assert.equal((await tenu.lire('procedure', procedure)).champs.etape, 'pv_1');
  });
});

test('an exhumation empties a place; compensed, the dead rests there again and both are told', { skip }, async () => {
  const sejours = await lire('sejour', `au is null and forme = 'cercueil' and du < date('${dans(-DIX_ANS).iso}')`, '-du');
  let sejour = null;
  for (const un of sejours) {
    const [defunt, place] = [await tenu.lire('defunt', un.champs.defunt), await tenu.lire('emplacement', un.champs.emplacement)];
    if (defunt.champs.deces_le && !defunt.champs.contagieux && place.champs.nature === 'concession') {
      sejour = un;
      break;
    }
  }
  assert.ok(sejour, 'quelqu’un repose dans une concession de l’exemple');
  const { emplacement } = sejour.champs;
  const places = async () => Number((await tenu.lire('emplacement', emplacement)).champs.libres_cercueil);
  const avant = await places();
  let operation;
  await parcourir(agent, `/app/cimetiere/sejour/${sejour.id}`, async (page) => {
    await lien(page, 'Nouvelle exhumation').waitFor();
    await capture(page, 'gestes-sejour');
    await lien(page, 'Nouvelle exhumation').click();
    await choix(page, 'Défunt').waitFor();
    assert.equal(await choix(page, 'Nature de l’opération').inputValue(), 'Exhumation');
    await champ(page, 'Prévue le').fill(dans(0).dit);
    await bouton(page, 'Enregistrer et autoriser').click();
    // Asked by nobody who may.
    await refus(page).getByText(/R2213-40/).waitFor();
    await accessible(page, 'exhumation sans demandeur');
    await capture(page, 'gestes-exhumation-refusee');
    await page.getByLabel('Qualité du demandeur').selectOption('plus_proche_parent');
    await bouton(page, 'Enregistrer et autoriser').click();
    await page.locator('.resultat-etape a').waitFor();
    await franchir(page, 'Constater la réalisation');
    await page.locator('.etat-courant').filter({ hasText: 'Réalisée' }).waitFor();
    await accessible(page, 'exhumation réalisée');
    await capture(page, 'gestes-exhumation-realisee');
    operation = idDe(page);
  });
  assert.equal((await tenu.lire('sejour', sejour.id)).champs.au, dans(0).iso);
  assert.equal(await places(), avant + 1);

  await parcourir(gestionnaire, `/app/cimetiere/operation/${operation}`, async (page) => {
    await franchir(page, 'Compenser : elle n’a pas eu lieu ainsi', async (dialogue) => {
      await dialogue.getByRole('textbox', { name: /^Motif de la compensation/ }).fill('La famille n’est pas venue');
      await accessible(page, 'compensation à motiver');
      await capture(page, 'gestes-compenser');
    });
    await page.locator('.etat-courant').filter({ hasText: 'Compensée' }).waitFor();
    await onglet(page, 'Historique').click();
    await page.getByRole('heading', { name: /^Compenser/ }).waitFor();
    await accessible(page, 'exhumation compensée');
    await capture(page, 'gestes-compensee');
  });
  assert.equal((await tenu.lire('sejour', sejour.id)).champs.au, null);
  assert.equal(await places(), avant);
});

test('a photograph attached to a plot is seen on its sheet', { skip }, async () => {
  const [place] = await tenu.liste('emplacement', "statut = 'occupe' and nature = 'concession'", '-ordre');
  await parcourir(agent, `/app/cimetiere/emplacement/${place.id}?onglet=fichiers`, async (page) => {
    await page.getByLabel('Joindre des fichiers').setInputFiles({ name: 'stele.png', mimeType: 'image/png', buffer: photo(120, 130, 90) });
    const vue = page.getByRole('img', { name: 'stele.png' });
    await vue.waitFor();
    await accessible(page, 'fichiers d’un emplacement');
    await capture(page, 'gestes-photo-fichiers');
    await onglet(page, 'Fiche').click();
    await vue.scrollIntoViewIfNeeded();
    await page.waitForFunction(() => [...document.querySelectorAll('.onglet-corps img')].some((image) => image.naturalWidth === 640));
    await accessible(page, 'emplacement et sa photographie');
    await capture(page, 'gestes-photo-fiche');
  });
});
