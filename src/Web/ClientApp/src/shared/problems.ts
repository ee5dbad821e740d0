/**
 * A refusal, in the shape of RFC 9457 with our stable `code` (docs/errors.md). Codes made on this side are
 * `offline` (the server was not reached) and `unreadable` (an answer that is not ours, from a proxy for instance).
 */
export interface Problem {
  code: string;
  /** A sentence for people. */
  detail: string;
  status?: number;
  retry?: boolean;
  retryAfterSeconds?: number;
  /** Sentences by field of the request. */
  errors?: Record<string, string[]>;
}

/** A refused hub call. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`[${problem.code}] ${problem.detail}`);
    this.problem = problem;
  }
}

export const offline: Problem = { code: 'offline', detail: '', retry: true };

const hubRefusal = /\[([A-Za-z][A-Za-z0-9]*)\]\s*([\s\S]*)$/;

/**
 * Reads what a hub call threw. A refusal ends in `[code] sentence`, with the client library's words in front;
 * anything else means that no answer came back, and is `offline`.
 */
export function problemOfHubError(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const match = hubRefusal.exec(error instanceof Error ? error.message : String(error));
  return match ? { code: match[1] ?? '', detail: match[2] ?? '' } : offline;
}

/** Reads a refused REST answer; tolerates bodies that are not problem details. */
export function problemOfBody(status: number, body: unknown, retryAfter?: string | null): Problem {
  const seconds = Number(retryAfter);
  const fallback: Problem = {
    code: 'unreadable',
    detail: '',
    status,
    retry: status >= 500 || status === 429,
    ...(retryAfter && Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {}),
  };
  if (typeof body !== 'object' || body === null) return fallback;
  const { code, detail, title, retry, retryAfterSeconds, errors } = body as Record<string, unknown>;
  return {
    ...fallback,
    ...(typeof code === 'string' ? { code } : {}),
    detail: typeof detail === 'string' ? detail : typeof title === 'string' ? title : '',
    ...(typeof retry === 'boolean' ? { retry } : {}),
    ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
    ...(isErrors(errors) ? { errors } : {}),
  };
}

function isErrors(value: unknown): value is Record<string, string[]> {
  return typeof value === 'object' && value !== null && Object.values(value).every(Array.isArray);
}
