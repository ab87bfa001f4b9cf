// What the sample town holds, read from its own files: the tests' truth does not come from the server they try.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const folder = new URL('../../../data-samples/', import.meta.url);
const TOWN = '99101';

const etalab = (layer) =>
  readdirSync(new URL('etalab/', folder))
    .filter((f) => f.endsWith(`-${layer}.json.gz`))
    .flatMap((f) => JSON.parse(gunzipSync(readFileSync(new URL(`etalab/${f}`, folder)))).features);

const bal = readFileSync(new URL(`bal/bal-${TOWN}.csv`, folder), 'utf8').replace(/^\ufeff/, '').trim().split(/\r?\n/).map((line) => line.split(';'));
const [header, ...rows] = bal;
const addresses = rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));

export const communes = etalab('communes').map(({ properties }) => properties);
export const parcelles = etalab('parcelles').map(({ properties, geometry }) => ({ ...properties, geometry }));
export const lieuxDits = etalab('lieux_dits').map(({ properties }) => properties);

const parIdu = new Map(parcelles.map((p) => [p.id, p]));

/** « AB 145 » */
export const reference = (p) => `${p.section.replace(/^0/, '')} ${p.numero}`;

/** An address that declares one parcel, alone at its number, and that parcel. */
export const adresse = (() => {
  for (const a of addresses) {
    const parcelle = parIdu.get(a.cad_parcelles);
    const seul = addresses.filter((b) => b.voie_nom === a.voie_nom && b.numero === a.numero).length === 1;
    const seule = addresses.filter((b) => b.cad_parcelles.includes(a.cad_parcelles)).length === 1;
    if (parcelle && seul && seule && !a.suffixe && parcelle.section === 'AB') return { libelle: `${a.numero} ${a.voie_nom}`, lon: Number(a.long), lat: Number(a.lat), parcelle };
  }
  throw new Error('aucune adresse de l’exemple ne convient');
})();

/** A parcel of the town known by its reference alone, larger than a step of the map. */
export const parcelle = (() => {
  const found = parcelles.find((p) => p.commune === TOWN && p.section === 'AB' && p.contenance > 400 && p.contenance < 3000);
  if (!found) throw new Error('aucune parcelle de l’exemple ne convient');
  return found;
})();

/** A point inside a parcel that is not too bent: the middle of its corners. */
export function centre({ geometry }) {
  const ring = (geometry.type === 'MultiPolygon' ? geometry.coordinates[0] : geometry.coordinates)[0].slice(1);
  return [ring.reduce((s, [x]) => s + x, 0) / ring.length, ring.reduce((s, [, y]) => s + y, 0) / ring.length];
}
