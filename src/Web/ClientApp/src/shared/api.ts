import { offline, type Problem, problemOfBody } from './problems';

/** What a REST call gave: its value, or why not. Expected refusals are never thrown. */
export type Result<T> = { ok: true; value: T; etag: string | null } | { ok: false; problem: Problem };

export interface CallOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead of a JSON body. */
  file?: Blob;
  /** Students' token; staff pages rely on their cookie. */
  token?: string | null;
  /** One key for one intention: keep it while the same thing is tried again (`newIdempotencyKey`). */
  idempotencyKey?: string;
  /** The version that the change is based on. */
  ifMatch?: number | string;
  signal?: AbortSignal;
}

type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/**
 * Calls `/api/v1{path}`. Every call carries `X-LiveProctor: 1`, which a foreign page cannot send with our cookie.
 */
export async function call<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  options: CallOptions = {},
  send: Fetch = (input, init) => fetch(input, init),
): Promise<Result<T>> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-LiveProctor': '1' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.file) headers['Content-Type'] = 'application/octet-stream';
  if (options.token) headers.Authorization = `Bearer ${options.token}`;
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;
  if (options.ifMatch !== undefined) headers['If-Match'] = `"${options.ifMatch}"`;

  let response: Response;
  try {
    response = await send(`/api/v1${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(options.body !== undefined ? { body: JSON.stringify(options.body) } : {}),
      ...(options.file ? { body: options.file } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch {
    return { ok: false, problem: offline };
  }
  const body = await readJson(response);
  if (!response.ok) {
    return { ok: false, problem: problemOfBody(response.status, body, response.headers.get('Retry-After')) };
  }
  if (body === undefined && response.status !== 204) {
    return { ok: false, problem: { code: 'unreadable', detail: '', status: response.status, retry: true } };
  }
  return { ok: true, value: body as T, etag: response.headers.get('ETag') };
}

/** A fresh key for one creating or deciding POST. Works without a secure context, unlike `randomUUID`. */
export function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '');
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
