const files = import.meta.glob<string>('../../../styles/symbols/*.svg', { query: '?url', import: 'default', eager: true });

/** Address of each symbol's SVG, by name: `eglise`, `calvaire`… */
export const SYMBOLES: ReadonlyMap<string, string> = new Map(
  Object.entries(files).map(([path, url]) => [path.replace(/^.*\/|\.svg$/g, ''), url]),
);
