import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const web = fileURLToPath(new URL('..', import.meta.url));

/** Texts of a catalogue, without the places they are used at. */
const texts = (po: string): string[] => [...po.matchAll(/^msgid "(.*)"$/gm)].map(([, id]) => id ?? '').sort();

it('the French catalogues hold every text of the sources, and no other', () => {
  const copy = mkdtempSync(join(tmpdir(), 'finage-lingui-'));
  try {
    cpSync(join(web, 'src'), join(copy, 'src'), { recursive: true });
    for (const file of ['lingui.config.ts', 'package.json', 'tsconfig.json']) cpSync(join(web, file), join(copy, file));
    symlinkSync(join(web, 'node_modules'), join(copy, 'node_modules'));
    execFileSync(process.execPath, [join(web, 'node_modules/@lingui/cli/dist/lingui.js'), 'extract', '--clean'], { cwd: copy, stdio: 'pipe' });
    for (const catalogue of ['src/locales/fr.po', 'src/app/locales/fr.po']) {
      const read = (root: string): string[] => texts(readFileSync(join(root, catalogue), 'utf8'));
      expect(read(web), `${catalogue} : lancez « npm run extract »`).toEqual(read(copy));
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}, 60_000);

it('the French texts of the application are set with the typographic apostrophe', () => {
  const po = readFileSync(join(web, 'src/app/locales/fr.po'), 'utf8');
  // A straight one in ICU is a quote of its own; between letters it is an apostrophe.
  expect(texts(po).filter((texte) => /\p{L}'\p{L}/u.test(texte))).toEqual([]);
});

it('the French quotes are never parted from what they hold', () => {
  const po = ['src/locales/fr.po', 'src/app/locales/fr.po'].map((catalogue) => readFileSync(join(web, catalogue), 'utf8'));
  expect(po.flatMap(texts).filter((texte) => /« | »/.test(texte))).toEqual([]);
});
