import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { capture, visiter } from './support/browser.js';
import { centre, parcelle, parcelles } from './support/sample.js';
import { command } from './support/server.js';
import { sertStatique } from './support/statique.js';

const donnees = process.env.FINAGE_TEST_DONNEES;
const binary = process.env.FINAGE_BIN;
const skip = donnees && binary ? false : 'le serveur essayé n’est pas celui des tests : rien à exporter';

/** A map of the archive alone: no Finage behind it. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>Carte exportée</title>
<div id="plan" style="width: 1000px; height: 700px"></div>
<script src="/pmtiles.js"></script>
<script type="module">
  import { addProtocol, Map } from '/maplibre-gl.mjs';
  addProtocol('pmtiles', new pmtiles.Protocol().tile);
  window.plan = new Map({
    container: 'plan',
    center: [0, 0],
    zoom: 1,
    fadeDuration: 0,
    style: {
      version: 8,
      sources: { ville: { type: 'vector', url: 'pmtiles://' + location.origin + '/ville.pmtiles' } },
      layers: [
        { id: 'parcelles', type: 'fill', source: 'ville', 'source-layer': 'parcelles', paint: { 'fill-color': '#c9b36b', 'fill-outline-color': '#333' } },
        { id: 'batiments', type: 'fill', source: 'ville', 'source-layer': 'batiments', paint: { 'fill-color': '#994433' } },
      ],
    },
  });
</script>`;

/** What is drawn there: the parcels by their identifiers, and the number of buildings. */
const dessine = (page, center, zoom) =>
  page.evaluate(
    async ([center, zoom]) => {
      const { plan } = window;
      if (!plan.loaded()) await plan.once('idle');
      plan.jumpTo({ center, zoom });
      await plan.once('idle');
      const seen = plan.queryRenderedFeatures();
      const of = (layer) => seen.filter((feature) => feature.layer.id === layer);
      return { idus: [...new Set(of('parcelles').map((feature) => feature.properties.idu))], batiments: of('batiments').length };
    },
    [center, zoom],
  );

test('an exported map is drawn by MapLibre from a plain file, closer than its last zoom too', { skip }, async () => {
  const archive = `${donnees}-ville.pmtiles`;
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, FINAGE_DATA_DIR: donnees };
  await command(binary, ['tiles', 'export', '--layer', 'parcelles,batiments', '--out', archive], env);
  const statique = await sertStatique(PAGE, archive);
  try {
    await visiter(
      '/',
      async (page) => {
        await page.goto(statique.url);
        await page.waitForFunction(() => window.plan);
        const connues = new Set(parcelles.map((p) => p.id));
        for (const zoom of [14, 16, 19]) {
          const { idus, batiments } = await dessine(page, centre(parcelle), zoom);
          assert.ok(idus.includes(parcelle.id), `zoom ${zoom} : ${idus.length} parcelles, sans ${parcelle.id}`);
          assert.ok(idus.every((idu) => connues.has(idu)));
          assert.ok(zoom === 19 || batiments > 0, `zoom ${zoom} : aucun bâtiment`);
          await capture(page, `16-carte-exportee-${zoom}`);
        }
      },
      { attendreCarte: false },
    );
  } finally {
    await statique.stop();
    rmSync(archive, { force: true });
  }
});
