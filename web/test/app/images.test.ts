import { expect, it } from 'vitest';
import { seMontre, seNommeImage } from '../../src/app/fiche/images';

it('shows the pictures a browser knows, unless they are heavy; nothing else', () => {
  expect(seMontre({ type: 'image/jpeg', octets: 3_000_000 })).toBe(true);
  expect(seMontre({ type: 'image/jpeg', octets: 19_000_000 })).toBe(false);
  expect(seMontre({ type: 'image/svg+xml', octets: 300 })).toBe(false);
  expect(seMontre({ type: 'application/pdf', octets: 300 })).toBe(false);
  expect(['Stèle.JPG', 'avant.jpeg', 'plan.pdf', 'jpg'].map(seNommeImage)).toEqual([true, true, false, false]);
});
