import { typographier } from '../format/typographie';
import type { Probleme } from './types';

/** An answer that is not the one asked for: refused, unknown, or no answer at all. */
export class ErreurApi extends Error {
  /** HTTP status, 0 when the server could not be reached. */
  readonly status: number;
  /** The refusal as it came, null when there is none: what it names besides its sentence. */
  readonly corps: unknown;

  constructor(status: number, detail: string, corps: unknown = null) {
    super(detail);
    this.name = 'ErreurApi';
    this.status = status;
    this.corps = corps;
  }
}

function isProbleme(value: unknown): value is Probleme {
  return typeof value === 'object' && value !== null && 'detail' in value && typeof value.detail === 'string';
}

/** The answer to a request, whatever its body; throws [`ErreurApi`] when it is refused or does not come. */
export async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ErreurApi(0, '');
  }
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => null);
    throw new ErreurApi(response.status, isProbleme(body) ? typographier(body.detail) : '', body);
  }
  return response;
}

/** The JSON at `path`; throws [`ErreurApi`] with the server's own sentence when it refuses. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await ask(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  return (await response.json()) as T;
}

/** The JSON answered to a body sent as JSON, or to a bare DELETE; throws as [`getJson`]. */
export async function sendJson<T>(method: 'POST' | 'DELETE', path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await ask(path, {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  return (await response.json()) as T;
}

/** A file made by the server from a body sent as JSON, with the name it gives. */
export async function fetchFile(path: string, body: unknown, nomParDefaut: string): Promise<{ nom: string; contenu: Blob }> {
  const response = await ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const [, nom] = /filename="([^"/\\]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  return { nom: nom ?? nomParDefaut, contenu: await response.blob() };
}
