// Weighs what a first visit loads before the map: fails over the limit, prints every chunk.
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMITE_KO = 210;
/** The public pages' script is a comfort: it must cost a phone nothing. */
const LIMITE_PORTAIL_KO = 10;
const dist = new URL('../dist/', import.meta.url);
const manifest = new URL('.vite/manifest.json', dist);

if (!existsSync(manifest)) {
  console.error('web/dist est absent : lancez « npm run build » d’abord.');
  process.exit(1);
}

const chunks = JSON.parse(readFileSync(manifest, 'utf8'));
const ko = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1000;
/** The two pages: the map's, the agents' application. */
const PAGES = [['index.html', 'la carte'], ['app.html', 'l’application']];
const portail = ko(chunks['src/portal/portail.ts'].file);

// The first route is the entry and all it imports without waiting.
const premiers = (entry) => {
  const first = new Set();
  const visit = (key) => {
    if (first.has(key)) return;
    first.add(key);
    for (const next of chunks[key].imports ?? []) visit(next);
  };
  visit(entry);
  return first;
};

const scripts = Object.entries(chunks).filter(([, { file }]) => file.endsWith('.js'));
const poids = new Map(scripts.map(([key, { file }]) => [key, ko(file)]));
const pages = PAGES.map(([entry, nom]) => ({ nom, first: premiers(entry) }));
for (const [key, { file }] of scripts) {
  const marques = pages.map(({ nom, first }) => (first.has(key) ? nom : '')).filter(Boolean).join(', ') || 'plus tard';
  console.log(`${(poids.get(key) ?? 0).toFixed(1).padStart(7)} ko  ${marques.padEnd(24)}  ${file}`);
}
for (const { nom, first } of pages) {
  const total = [...first].reduce((n, key) => n + (poids.get(key) ?? 0), 0);
  console.log(`${total.toFixed(1).padStart(7)} ko  JavaScript de la première page de ${nom}, gzip (limite ${LIMITE_KO} ko)`);
  if (total > LIMITE_KO) {
    console.error(`La première page de ${nom} pèse ${total.toFixed(1)} ko, plus que ${LIMITE_KO} ko.`);
    process.exit(1);
  }
}
console.log(`${portail.toFixed(1).padStart(7)} ko  JavaScript des pages publiques, gzip (limite ${LIMITE_PORTAIL_KO} ko)`);
if (portail > LIMITE_PORTAIL_KO) {
  console.error(`Le script des pages publiques pèse ${portail.toFixed(1)} ko, plus que ${LIMITE_PORTAIL_KO} ko.`);
  process.exit(1);
}
