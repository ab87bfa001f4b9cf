/** ISO 8601 durations in calendar units, as manifests write retentions: `P2Y`, `P1Y6M`, `P30D`. */
const FORME = /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?$/;

export type Unite = 'ans' | 'mois' | 'semaines' | 'jours';
const UNITES: readonly Unite[] = ['ans', 'mois', 'semaines', 'jours'];

/** The parts of a duration, the longest first; null for what is none. */
export function lireDuree(texte: string): [Unite, number][] | null {
  const lue = FORME.exec(texte);
  if (!lue) return null;
  const parties = UNITES.map((unite, i): [Unite, number] => [unite, Number(lue[i + 1] ?? 0)]).filter(([, n]) => n > 0);
  return parties.length > 0 ? parties : null;
}
