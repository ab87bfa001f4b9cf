import { readFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';

const web = new URL('../', import.meta.url);

it('the types are those of the server’s contract', async () => {
  const made = astToString(await openapiTS(new URL('openapi.json', web)));
  const kept = readFileSync(new URL('src/api/openapi.d.ts', web), 'utf8');
  expect(kept.includes(made), 'lancez « npm run api »').toBe(true);
});
