import { describe, expect, it } from 'vitest';
import { call } from './api';
import { problemOfBody, problemOfHubError } from './problems';

describe('a refused hub call', () => {
  it('is read from the end of the message', () => {
    const error = new Error(
      "An unexpected error occurred invoking 'Say' on the server. HubException: [textTooLong] At most 500 [five hundred] characters.",
    );
    expect(problemOfHubError(error)).toEqual({
      code: 'textTooLong',
      detail: 'At most 500 [five hundred] characters.',
    });
  });

  it('is offline when no answer came', () => {
    expect(problemOfHubError(new Error('WebSocket closed with status code: 1006 ().')).code).toBe('offline');
  });
});

describe('a refused REST call', () => {
  it('keeps code, sentence, fields and seconds', () => {
    const problem = problemOfBody(429, {
      title: 'Too many',
      detail: 'Wait.',
      code: 'throttled',
      retry: true,
      retryAfterSeconds: 12,
      errors: { joinId: ['Check it.'] },
    });
    expect(problem).toEqual({
      code: 'throttled',
      detail: 'Wait.',
      status: 429,
      retry: true,
      retryAfterSeconds: 12,
      errors: { joinId: ['Check it.'] },
    });
  });

  it('is unreadable when a proxy answered', async () => {
    const answer = await call('GET', '/time', {}, async () => new Response('<html>', { status: 502 }));
    expect(answer).toMatchObject({ ok: false, problem: { code: 'unreadable', retry: true, status: 502 } });
  });

  it('is offline when nobody answered', async () => {
    const answer = await call('GET', '/time', {}, () => Promise.reject(new TypeError('failed to fetch')));
    expect(answer).toMatchObject({ ok: false, problem: { code: 'offline' } });
  });

  it('sends the headers that the server asks for', async () => {
    let sent: RequestInit = {};
    await call(
      'POST',
      '/sessions',
      { body: {}, idempotencyKey: 'k', ifMatch: 3, token: 't' },
      async (_, init) => {
        sent = init;
        return new Response('{}', { headers: { ETag: '"4"' } });
      },
    );
    expect(sent.headers).toMatchObject({
      'X-LiveProctor': '1',
      'Idempotency-Key': 'k',
      'If-Match': '"3"',
      Authorization: 'Bearer t',
    });
  });
});
