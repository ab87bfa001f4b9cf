/** The jobs this browser asked for: only their identifiers are kept here, the server knows the rest. */

const CLE = 'finage.travaux';
const CLE_COURANT = 'finage.travail';
const MAX = 30;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Storage may be refused, or hold anything: then there is nothing. */
export function readTravaux(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(CLE) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === 'string' && UUID.test(id)).slice(0, MAX) : [];
  } catch {
    return [];
  }
}

function write(ids: readonly string[]): void {
  try {
    localStorage.setItem(CLE, JSON.stringify(ids.slice(0, MAX)));
  } catch {
    // Kept until the page is left only.
  }
}

/** Newest first. */
export function addTravail(id: string): string[] {
  const ids = [id, ...readTravaux().filter((other) => other !== id)].slice(0, MAX);
  write(ids);
  return ids;
}

export function dropTravail(id: string): string[] {
  const ids = readTravaux().filter((other) => other !== id);
  write(ids);
  return ids;
}

/** Whether the list of jobs was open in this tab: a reload opens it again. */
export function readOuvert(): boolean {
  try {
    return sessionStorage.getItem(CLE_COURANT) === 'ouvert';
  } catch {
    return false;
  }
}

export function keepOuvert(ouvert: boolean): void {
  try {
    if (ouvert) sessionStorage.setItem(CLE_COURANT, 'ouvert');
    else sessionStorage.removeItem(CLE_COURANT);
  } catch {
    // The list opens closed, no more.
  }
}
