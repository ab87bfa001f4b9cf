// Runs the browser tests: against FINAGE_URL when it is set, else against servers of their own
// made from FINAGE_BIN with the sample town in a temporary directory.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from './support/server.js';
import { startWmts } from './support/wmts.js';

const here = dirname(fileURLToPath(import.meta.url));
const asked = process.argv.slice(2);
const files = asked.length > 0 ? asked : readdirSync(here).filter((f) => f.endsWith('.test.js')).sort();
/** Files whose server has modules besides: the others try the product as it comes. */
const MODULES = { 'app.test.js': ['objets_trouves'], 'reprise.test.js': ['objets_trouves'] };

if (!process.env.FINAGE_URL && !process.env.FINAGE_BIN) {
  console.error('Indiquez FINAGE_BIN (le binaire finage à essayer) ou FINAGE_URL (un serveur qui tourne avec la commune d’exemple).');
  process.exit(1);
}

/** Runs files one at a time: two maps drawn in software at once would only slow each other. */
async function run(wanted, modules, wmts) {
  let server = null;
  try {
    server = process.env.FINAGE_URL ? { url: process.env.FINAGE_URL, stop: async () => {} } : await startServer(process.env.FINAGE_BIN, wmts.url, modules);
    const env = {
      ...process.env,
      FINAGE_URL: server.url.replace(/\/$/, ''),
      FINAGE_TEST_WMTS: wmts.url,
      FINAGE_TEST_LIEN: server.lien ?? '',
      ...(server.donnees ? { FINAGE_TEST_DONNEES: server.donnees } : {}),
    };
    const args = ['--test', '--test-concurrency=1', '--test-timeout=1800000', ...wanted.map((f) => join(here, f))];
    const child = spawn(process.execPath, args, { stdio: 'inherit', env, cwd: here });
    return await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    await server?.stop();
  }
}

const wmts = await startWmts();
const statuses = [];
const plain = files.filter((f) => !MODULES[f]);
if (plain.length > 0) statuses.push(await run(plain, [], wmts));
for (const file of files.filter((f) => MODULES[f])) statuses.push(await run([file], MODULES[file], wmts));
await wmts.stop();
process.exit(Math.max(...statuses));
