// An agent signed in for the sample town. The account is written to the database of the tests' own server by psql, beside
// the pages: what is tried here is what a session opens, not how it is opened.
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { URL_SERVEUR } from './browser.js';

const DONNEES = process.env.FINAGE_TEST_DONNEES;
/** Why there can be no session: a server of someone else's. */
export const sansSession = DONNEES ? false : 'le serveur n’est pas celui des essais : aucun compte ne peut y être écrit';

const psql = () => {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  return versions.map((v) => `/usr/lib/postgresql/${v}/bin/psql`).find(existsSync) ?? 'psql';
};

/** Runs SQL as the owner of the tests' own database, `:'name'` standing for these values. */
function executer(fichier, variables) {
  const [, , , port, socket] = readFileSync(join(DONNEES, 'cluster/data/postmaster.pid'), 'utf8').split('\n');
  const sql = readFileSync(new URL(`./${fichier}`, import.meta.url), 'utf8');
  const args = Object.entries(variables).flatMap(([nom, valeur]) => ['-v', `${nom}=${valeur}`]);
  execFileSync(psql(), ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', socket, '-p', port, '-U', 'finage_owner', '-d', 'finage', ...args], { input: sql });
}

/** Gives a role, for the town of the sample, to an account that signs in by itself. */
export function donnerRole(email, role, finalites = []) {
  executer('attribution.sql', { email, role, finalites: `{${finalites.join(',')}}` });
}

/** Makes an archived row of the module « objets trouvés » two years older. */
export function vieillir(id) {
  executer('vieillir.sql', { id });
}

/** What opens a session of a role for the town of the sample: a cookie for a browser. */
export function ouvrirSession(role, finalites = []) {
  const secret = randomBytes(32).toString('base64url');
  const empreinte = createHash('sha256').update(secret).digest('hex');
  executer('session.sql', { role, empreinte, finalites: `{${finalites.join(',')}}` });
  return { name: 'finage-local', value: secret, url: URL_SERVEUR, sameSite: 'Lax' };
}
