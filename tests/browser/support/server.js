// A finage server of its own for the tests: temporary data, sample town, free port.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { archive } from './pmtiles.js';

/** The folder of the modules that tests install. */
const MODULES = fileURLToPath(new URL('../../modules', import.meta.url));
/** Making the database and importing two communes, on a busy machine. */
const READY_MS = 300_000;
const STOP_MS = 30_000;

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const wmts = (id, libelle, url) => ({ id, libelle, genre: 'wmts', url, couche: 'ESSAI', format: 'image/png', jeu: 'PM', style: 'normal', attribution: '© essai' });

/** Three backgrounds: one that answers, one whose port is closed, one in a file. */
const configuration = (answers, closed, file) =>
  [
    wmts('essai', 'Fond d’essai', answers),
    wmts('muet', 'Fond en panne', `http://127.0.0.1:${closed}/wmts`),
    { id: 'archive', libelle: 'Archive locale', genre: 'pmtiles', fichier: file, attribution: '© essai' },
  ]
    .map((fond) => ['[[fonds]]', ...Object.entries(fond).map(([key, value]) => `${key} = ${JSON.stringify(value)}`), ''].join('\n'))
    .join('\n');

/** An account that signs in by password alone; the test of accounts makes its own administrator from the printed link. */
export const AGENT = { email: 'agent@exemple.invalid', motDePasse: 'brouette cactus violon marée' };

/** Runs a command of the binary to its end, with this on its standard input. */
export const command = (binary, args, env, input) =>
  new Promise((resolve, reject) => {
    const child = spawn(binary, args, { env, stdio: ['pipe', 'ignore', 'pipe'] });
    let told = '';
    child.stderr.on('data', (chunk) => {
      told += chunk;
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`finage ${args.join(' ')} : ${told}`))));
    child.stdin.end(input);
  });

/** Starts `finage demo` with these modules of the tests, and waits until it is ready; gives its address and how to stop it. */
export async function startServer(binary, wmtsUrl, modules = []) {
  if (!existsSync(binary)) throw new Error(`Le binaire ${binary} est absent : construisez-le d’abord (cargo build).`);
  const port = await freePort();
  const folder = mkdtempSync('/var/tmp/finage-navigateur-');
  // The database runs as another user when the tests run as root: it must be able to pass.
  chmodSync(folder, 0o755);
  const config = join(folder, 'finage.toml');
  const file = join(folder, 'essai.pmtiles');
  writeFileSync(file, archive());
  writeFileSync(config, configuration(wmtsUrl, await freePort(), file));
  const url = `http://127.0.0.1:${port}`;
  // The server refuses a setting it does not know: those of the tests stay here.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FINAGE_') && name !== 'DATABASE_URL');
  const env = { ...Object.fromEntries(inherited), FINAGE_BIND: `127.0.0.1:${port}`, FINAGE_PUBLIC_URL: url, FINAGE_DEBIT: 'false', FINAGE_DATA_DIR: join(folder, 'donnees'), FINAGE_CONFIG: config, ...(modules.length > 0 ? { FINAGE_MODULES_DIR: MODULES } : {}) };
  const child = spawn(binary, ['demo'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const keep = (chunk) => {
    log = (log + chunk).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const stop = async () => {
    child.kill('SIGINT');
    if ((await Promise.race([ended.then(() => 'ended'), sleep(STOP_MS)])) !== 'ended') child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };

  const limit = Date.now() + READY_MS;
  while (Date.now() < limit) {
    if (child.exitCode !== null) {
      await stop();
      throw new Error(`« finage demo » s’est arrêté avant d’être prêt :\n${log}`);
    }
    if (await sampleIsThere(url)) {
      await command(binary, ['user', 'add', AGENT.email, '--name', 'Agent d’essai', '--password-stdin'], env, `${AGENT.motDePasse}\n`);
      for (const module of modules) await command(binary, ['module', 'install', module], env);
      return { url, stop, donnees: env.FINAGE_DATA_DIR, lien: /\/mot-de-passe\/\S+/.exec(log)?.[0] };
    }
    await sleep(500);
  }
  await stop();
  throw new Error(`« finage demo » n’est pas prêt après ${READY_MS / 1000} s :\n${log}`);
}

/** Ready, and the two communes of the sample imported. */
async function sampleIsThere(url) {
  try {
    if (!(await fetch(`${url}/ready`)).ok) return false;
    const { communes } = await (await fetch(`${url}/api/configuration`)).json();
    return communes.length >= 2 && communes.every((c) => c.parcelles > 0);
  } catch {
    return false;
  }
}
