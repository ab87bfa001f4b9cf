import type { Probleme } from './types';

/** An answer that is not the one asked for: refused, unknown, or no answer at all. */
export class ErreurApi extends Error {
  /** HTTP status, 0 when the server could not be reached. */
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.name = 'ErreurApi';
    this.status = status;
  }
}

function isProbleme(value: unknown): value is Probleme {
  return typeof value === 'object' && value !== null && 'detail' in value && typeof value.detail === 'string';
}

/** The JSON at `path`; throws [`ErreurApi`] with the server's own sentence when it refuses. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ErreurApi(0, '');
  }
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => null);
    throw new ErreurApi(response.status, isProbleme(body) ? body.detail : '');
  }
  return (await response.json()) as T;
}
