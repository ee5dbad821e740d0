import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeHub, seeded } from './fakeHub';
import { FeedClient } from './feedClient';
import { lobbyReducer, meReducer, sessionReducer } from './reducers';
import type { EntryRow, Lobby, Me, Session } from './wire';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-21T09:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

const me = (version: number) => ({ version, state: 'waiting' }) as Me;

function connect(hub: FakeHub) {
  const client = new FeedClient({
    link: hub.link,
    isRefusal: (error) => String(error).includes('401'),
    pulse: { method: 'Ping', everyMilliseconds: 3000, timeoutMilliseconds: 8000 },
    enter: { method: 'Enter', feeds: ['lobby', 'me'] },
    random: hub.random,
  });
  client.start();
  return client;
}

describe('a feed through one connection', () => {
  it('starts from the snapshot and applies what follows', async () => {
    const hub = new FakeHub();
    hub.feed('me').snapshot = () => ({ me: me(1) });
    const client = connect(hub);
    const followed = client.follow('me', meReducer);
    await vi.advanceTimersByTimeAsync(1000);
    expect(followed.state.value?.version).toBe(1);
    hub.publish('me', 'approved', { me: me(2) });
    expect(followed.state.value?.version).toBe(2);
  });

  it('applies an event that overtook the answer', async () => {
    const hub = new FakeHub();
    hub.feed('me').snapshot = () => ({ me: me(1) });
    const client = connect(hub);
    await vi.advanceTimersByTimeAsync(0);
    const followed = client.follow('me', meReducer);
    hub.publish('me', 'approved', { me: me(2) });
    expect(followed.state.value).toBeNull();
    await vi.advanceTimersByTimeAsync(1000);
    expect(followed.state.value?.version).toBe(2);
  });

  it('reports each event once and says which were missed', async () => {
    const hub = new FakeHub();
    hub.feed('me').snapshot = () => ({ me: me(0) });
    const client = connect(hub);
    const seen: [number, boolean][] = [];
    client.follow('me', meReducer, {
      onEvents: (events, missed) => seen.push(...events.map(({ seq }) => [seq, missed] as [number, boolean])),
    });
    await vi.advanceTimersByTimeAsync(1000);
    hub.publish('me', 'a', { me: me(1) });
    hub.faults.lose = 1;
    hub.publish('me', 'b', { me: me(2) });
    hub.faults.lose = 0;
    hub.publish('me', 'c', { me: me(3) });
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen).toEqual([
      [1, false],
      [2, true],
      [3, true],
    ]);
  });

  it('notices a lost last event by the head, after two seconds', async () => {
    const hub = new FakeHub();
    hub.feed('me').snapshot = () => ({ me: me(1) });
    const followed = connect(hub).follow('me', meReducer);
    await vi.advanceTimersByTimeAsync(1000);
    hub.faults.lose = 1;
    hub.publish('me', 'approved', { me: me(2) });
    hub.heads();
    await vi.advanceTimersByTimeAsync(1900);
    expect(followed.state.value?.version).toBe(1);
    await vi.advanceTimersByTimeAsync(600);
    expect(followed.state.value?.version).toBe(2);
  });

  it('stops at a refusal and says why', async () => {
    const hub = new FakeHub();
    hub.answers.Follow = () =>
      new Error(
        "An unexpected error occurred invoking 'Follow' on the server. HubException: [takenOver] Gone.",
      );
    const followed = connect(hub).follow('me', meReducer);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(followed.problem.value).toEqual({ code: 'takenOver', detail: 'Gone.' });
    expect(hub.invoked.filter(({ method }) => method === 'Follow')).toHaveLength(1);
  });
});

describe('the connection', () => {
  it('follows again from its position after a cut', async () => {
    const hub = new FakeHub();
    hub.feed('me').snapshot = () => ({ me: me(0) });
    const client = connect(hub);
    const followed = client.follow('me', meReducer);
    await vi.advanceTimersByTimeAsync(1000);
    hub.publish('me', 'a', { me: me(1) });
    hub.live[0]?.cut();
    expect(client.connection.value).toBe('reconnecting');
    hub.publish('me', 'b', { me: me(2) });
    await vi.advanceTimersByTimeAsync(1000);
    expect(client.connection.value).toBe('connected');
    expect(followed.state.value?.version).toBe(2);
    expect(hub.invoked.filter(({ method }) => method === 'Follow').at(-1)?.args[1]).toEqual({
      epoch: 'e1',
      seq: 1,
    });
  });

  it('follows both feeds of a page by one call, from where each stands', async () => {
    const hub = new FakeHub();
    hub.feed('me').snapshot = () => ({ me: me(0) });
    hub.feed('lobby').snapshot = () => ({ lobby: { scheduleVersion: 0 } });
    const client = new FeedClient({
      link: hub.link,
      isRefusal: () => false,
      pulse: { method: 'Ping', everyMilliseconds: 3000 },
      enter: { method: 'Enter', feeds: ['lobby', 'me'] },
      random: hub.random,
    });
    const followed = client.follow('me', meReducer);
    const lobby = client.follow('lobby', lobbyReducer);
    client.start();
    await vi.advanceTimersByTimeAsync(1000);
    hub.publish('me', 'a', { me: me(1) });
    hub.live[0]?.cut();
    hub.publish('lobby', 'b', { lobby: { scheduleVersion: 1 } });
    hub.publish('me', 'c', { me: me(2) });
    await vi.advanceTimersByTimeAsync(1000);
    expect(followed.state.value?.version).toBe(2);
    expect(lobby.state.value?.scheduleVersion).toBe(1);
    const calls = hub.invoked.filter(({ method }) => method !== 'Ping');
    expect(calls.map(({ method }) => method)).toEqual(['Enter', 'Enter']);
    expect(calls.at(-1)?.args).toEqual([
      { epoch: 'e1', seq: 0 },
      { epoch: 'e1', seq: 1 },
    ]);
  });

  it('stops at a refusal of both, and says why', async () => {
    const hub = new FakeHub();
    hub.answers.Enter = () => new Error('HubException: [takenOver] Gone.');
    const client = connect(hub);
    const lobby = client.follow('lobby', lobbyReducer);
    const followed = client.follow('me', meReducer);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(followed.problem.value).toEqual({ code: 'takenOver', detail: 'Gone.' });
    expect(lobby.problem.value).toEqual({ code: 'takenOver', detail: 'Gone.' });
    expect(hub.invoked.filter(({ method }) => method === 'Enter')).toHaveLength(1);
  });

  it('tries for ever, slower up to ten seconds, and at once when hurried', async () => {
    const hub = new FakeHub();
    hub.refuse = () => new Error('unreachable');
    const client = connect(hub);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(hub.links.length).toBeGreaterThan(60);
    expect(hub.links.length).toBeLessThan(130);
    hub.refuse = null;
    client.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(client.connection.value).toBe('connected');
  });

  it('falls back to negotiation where web sockets do not work, and keeps to it', async () => {
    const hub = new FakeHub();
    hub.refuse = (transport) => (transport === 'webSocket' ? new Error('blocked') : null);
    const client = connect(hub);
    await vi.advanceTimersByTimeAsync(1000);
    expect(client.connection.value).toBe('connected');
    hub.live[0]?.cut();
    await vi.advanceTimersByTimeAsync(1000);
    expect(hub.links.map(({ transport }) => transport)).toEqual(['webSocket', 'negotiated', 'negotiated']);
  });

  it('stops trying when the server refuses the caller', async () => {
    const hub = new FakeHub();
    hub.refuse = (transport) => new Error(transport === 'webSocket' ? 'failed' : '401');
    const client = connect(hub);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.connection.value).toBe('refused');
    expect(hub.links).toHaveLength(2);
  });

  it('replaces a connection whose pulse gets no answer', async () => {
    const hub = new FakeHub();
    let dead = true;
    const client = connect(hub);
    hub.answers.Ping = () => (dead ? new Error('silence') : { now: new Date().toISOString() });
    const first = hub.links[0];
    if (first) first.invoke = () => new Promise(() => {});
    await vi.advanceTimersByTimeAsync(8500);
    dead = false;
    await vi.advanceTimersByTimeAsync(2000);
    expect(first?.open).toBe(false);
    expect(client.connection.value).toBe('connected');
  });

  it('gives refusals of calls as problems', async () => {
    const hub = new FakeHub();
    hub.answers.EntryToken = () => new Error('HubException: [sessionHeld] The session is held.');
    const client = connect(hub);
    await vi.advanceTimersByTimeAsync(0);
    const refusal = expect(client.invoke('EntryToken')).rejects.toMatchObject({
      problem: { code: 'sessionHeld', detail: 'The session is held.' },
    });
    await vi.advanceTimersByTimeAsync(1000);
    await refusal;
  });
});

describe('the law of snapshots, through a bad network', () => {
  it.each(Array.from({ length: 150 }, (_, seed) => seed))('run %i ends in the right state', async (seed) => {
    const random = seeded(seed);
    const hub = new FakeHub(random);
    const session = { id: 's', version: 0 } as Session;
    const truth = { session, entries: new Map<string, EntryRow>() };
    const lobby = { sessionId: 's', scheduleVersion: 0 } as Lobby;
    hub.feed('session:s').snapshot = () => ({ session: truth.session, entries: [...truth.entries.values()] });
    hub.feed('lobby').snapshot = () => ({ lobby });
    const client = connect(hub);
    const console = client.follow('session:s', sessionReducer);
    const student = client.follow('lobby', lobbyReducer);
    const own = { version: 0 } as Me;
    hub.feed('me').snapshot = () => ({ me: own });
    const entry = client.follow('me', meReducer);
    hub.faults = { lose: random() * 0.4, repeat: random() * 0.4, delay: random() * 0.6 };

    for (let step = 0; step < 120; step++) {
      const what = random();
      if (what < 0.6) {
        const id = `e${Math.floor(random() * 8)}`;
        const entry = { id, version: (truth.entries.get(id)?.version ?? 0) + 1 } as EntryRow;
        truth.entries.set(id, entry);
        hub.publish('session:s', 'approved', { entry });
      } else if (what < 0.75) {
        truth.session = { ...truth.session, version: truth.session.version + 1 };
        hub.publish('session:s', 'held', { session: truth.session });
      } else if (what < 0.85) {
        lobby.scheduleVersion += 1;
        hub.publish('lobby', 'sessionEdited', { lobby: { ...lobby } });
      } else if (what < 0.87) {
        own.version += 1;
        hub.publish('me', 'message', { me: { ...own } });
      } else if (what < 0.9) hub.live[0]?.cut();
      else if (what < 0.92) hub.newEpoch('session:s');
      else if (what < 0.95) hub.heads();
      else await vi.advanceTimersByTimeAsync(random() * 3000);
      await vi.advanceTimersByTimeAsync(random() * 100);
    }

    hub.faults = { lose: 0, repeat: 0, delay: 0 };
    for (let wait = 0; wait < 3; wait++) {
      await vi.advanceTimersByTimeAsync(10_000);
      hub.heads();
    }
    await vi.advanceTimersByTimeAsync(5000);
    expect(console.state.value).toEqual(truth);
    expect(student.state.value).toEqual(lobby);
    expect(entry.state.value).toEqual(own);
  });
});
