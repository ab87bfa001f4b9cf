// One Chromium for a file of tests, pages that refuse silence: outside requests and console errors fail the test.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';

export const URL_SERVEUR = process.env.FINAGE_URL;
const CHROMIUM = process.env.FINAGE_CHROMIUM ?? '/usr/bin/chromium';
const SHOTS = process.env.FINAGE_SCREENSHOTS;
/** The map is drawn in software, on a machine that may be busy. */
const PATIENCE_MS = 60_000;

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--enable-unsafe-swiftshader', '--disable-dev-shm-usage', '--force-color-profile=srgb', '--font-render-hinting=none'],
  });
});
after(async () => {
  await browser?.close();
});

export const BUREAU = { width: 1280, height: 800 };
export const TELEPHONE = { width: 360, height: 740 };

/** Opens a page, runs `scenario` with it, then checks what it did behind: see `audit`. */
export async function visiter(path, scenario, { taille = BUREAU, tolere = [], avant, attendreCarte = true, javaScriptEnabled = true, bypassCSP = false } = {}) {
  const context = await browser.newContext({ viewport: taille, javaScriptEnabled, bypassCSP, reducedMotion: 'reduce', locale: 'fr-FR', permissions: ['clipboard-read', 'clipboard-write'], hasTouch: taille.width < 500 });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const dehors = [];
  const plaintes = [];
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1' && hostname !== 'localhost') dehors.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') plaintes.push(message.text());
  });
  page.on('pageerror', (error) => plaintes.push(error.message));
  try {
    await avant?.(page);
    await page.goto(URL_SERVEUR + path);
    if (attendreCarte) await repos(page);
    await scenario(page);
    assert.deepEqual(dehors, [], 'aucune requête ne sort de la machine');
    assert.deepEqual(plaintes.filter((p) => !tolere.some((t) => t.test(p))), [], 'la console est muette');
  } catch (error) {
    if (SHOTS) await capture(page, `echec-${Date.now()}`).catch(() => {});
    throw error;
  } finally {
    await context.close();
  }
}

/** Waits until the map has drawn all it has. */
export async function repos(page) {
  await page.waitForFunction(() => document.querySelector('#carte')?.dataset.repos === 'oui', null, { timeout: PATIENCE_MS });
}

/** Waits until the address says what it must. */
export async function adresseDit(page, test) {
  await page.waitForURL((url) => test(url), { timeout: PATIENCE_MS });
}

export async function capture(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** No fault that axe can find, WCAG 2 A and AA and good practice. */
export async function accessible(page, state) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']).analyze();
  assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} (${n.failureSummary})`).join(' | ')}`), [], `accessibilité : ${state}`);
}

/** How many colours the map's picture has: a blank one has a handful. */
export async function couleurs(page) {
  const { data } = PNG.sync.read(await page.locator('#carte canvas').screenshot());
  const seen = new Set();
  for (let i = 0; i < data.length; i += 4) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  return seen;
}

/** Share of the map's picture whose pixels, as [red, green, blue], pass a test. */
export async function part(page, test) {
  const { data } = PNG.sync.read(await page.locator('#carte canvas').screenshot());
  let passed = 0;
  for (let i = 0; i < data.length; i += 4) if (test(data[i], data[i + 1], data[i + 2])) passed += 1;
  return (passed * 4) / data.length;
}

/** Where a place is on the screen, from the map's own address (web mercator, 512 px tiles). */
export async function pixel(page, [lon, lat]) {
  const [zoom, lat0, lon0] = new URL(page.url()).hash.slice(1).split('/').map(Number);
  const world = 512 * 2 ** zoom;
  const x = (l) => ((l + 180) / 360) * world;
  const y = (l) => (0.5 - Math.log(Math.tan(Math.PI / 4 + (l * Math.PI) / 360)) / (2 * Math.PI)) * world;
  const box = await page.locator('#carte').boundingBox();
  return { x: box.x + box.width / 2 + x(lon) - x(lon0), y: box.y + box.height / 2 + y(lat) - y(lat0) };
}

/** Clicks a place of the map. */
export async function cliquer(page, place) {
  const { x, y } = await pixel(page, place);
  await page.mouse.click(x, y);
}

export const champ = (page) => page.getByRole('search').getByRole('combobox');
export const fiche = (page) => page.locator('#fiche');
export const titreFiche = (page) => page.locator('#titre-fiche');

/** Types in the search and waits for the answer's lines. */
export async function chercher(page, texte) {
  await champ(page).fill(texte);
  await page.locator('.resultat, .recherche-message').first().waitFor();
  await page.waitForFunction((q) => new URLSearchParams(location.search).get('q') === q, texte.trim());
  await page.waitForLoadState('networkidle');
}
