/**
 * A selection of parcels as a short text for the address: grouped by commune, prefix and section,
 * runs of numbers as ranges. `99101000AB~12-15,18.AC~3` is six parcels of the commune 99101.
 */

/** Bound of the server too: more parcels are a layer, not a selection. */
export const MAX_PARCELLES = 5000;
/** Beyond, mail programs and proxies cut addresses. */
export const MAX_TEXTE = 6000;

/** INSEE code, prefix of the absorbed commune, section, number. */
const IDU = /^((?:\d{2}|2[AB])\d{3}\d{3})([0-9A-Z]{2})(\d{4})$/;
const TETE = /^((?:\d{2}|2[AB])\d{3}\d{3})?([0-9A-Z]{2})$/;
const PLAGE = /^(\d{1,4})(?:-(\d{1,4}))?$/;

/** The parcels once each, in the order of the cadastre; what is no identifier is left out. */
export const ranger = (idus: readonly string[]): string[] => [...new Set(idus.filter((idu) => IDU.test(idu)))].sort();

function writePlages(numeros: readonly number[]): string {
  const plages: [debut: number, fin: number][] = [];
  for (const n of numeros) {
    const last = plages.at(-1);
    if (last && n === last[1] + 1) last[1] = n;
    else plages.push([n, n]);
  }
  return plages.map(([a, b]) => (a === b ? String(a) : `${String(a)}-${String(b)}`)).join(',');
}

/** Text of a selection; empty for none. */
export function writeSelection(idus: readonly string[]): string {
  const groupes = new Map<string, number[]>();
  for (const idu of ranger(idus)) {
    const numeros = groupes.get(idu.slice(0, 10)) ?? [];
    numeros.push(Number(idu.slice(10)));
    groupes.set(idu.slice(0, 10), numeros);
  }
  let commune = '';
  return [...groupes]
    .map(([tete, numeros]) => {
      const same = tete.slice(0, 8) === commune;
      commune = tete.slice(0, 8);
      return `${same ? tete.slice(8) : tete}~${writePlages(numeros)}`;
    })
    .join('.');
}

/** The parcels a text names, in order; parts that say nothing are left out, the rest stops at the bound. */
export function readSelection(text: string): string[] {
  const idus: string[] = [];
  let commune = '';
  for (const groupe of text.slice(0, 2 * MAX_TEXTE).toUpperCase().split('.')) {
    const [tete = '', plages = ''] = groupe.split('~');
    const found = TETE.exec(tete);
    commune = found?.[1] ?? commune;
    const section = found?.[2];
    if (section === undefined || commune === '') continue;
    for (const plage of plages.split(',')) {
      const [, debut, fin] = PLAGE.exec(plage) ?? [];
      if (debut === undefined) continue;
      for (let n = Number(debut); n <= Number(fin ?? debut); n += 1) {
        if (idus.length >= MAX_PARCELLES) return ranger(idus);
        idus.push(`${commune}${section}${String(n).padStart(4, '0')}`);
      }
    }
  }
  return ranger(idus);
}
