import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Result } from '../shared/api';
import { FakeHub } from '../shared/fakeHub';
import type { EntryState, Lobby, Me } from '../shared/wire';
import type { KeptPlace } from './keptPlaces';
import type { LobbyApi } from './lobbyApi';
import { Place } from './place';
import { statusOf } from './status';

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-21T09:00:00Z') }));
afterEach(() => void vi.useRealTimers());

const kept: KeptPlace = {
  path: '/join/K7QM3XPA',
  token: 't',
  entryId: 'e',
  device: 1,
  sessionName: 'Algebra',
  joinedAt: 0,
};

function build() {
  const hub = new FakeHub();
  let me = { state: 'waiting', version: 1, device: 1 } as Me;
  let lobby = { phase: 'lobbyOpen', admitJitterMilliseconds: 0, startMode: 'automatic' } as Lobby;
  hub.feed('me').snapshot = () => ({ me });
  hub.feed('lobby').snapshot = () => ({ lobby });
  hub.answers.EntryToken = () => ({ token: 't', launchUrl: 'https://delivery.example/', expiresAt: '' });
  const go = vi.fn<(url: string) => void>();
  const answers: { me: Result<{ me: Me; lobby: Lobby }> } = {
    me: { ok: false, problem: { code: 'offline', detail: '' } },
  };
  const place = new Place(kept, {
    api: { me: async () => answers.me } as unknown as LobbyApi,
    link: hub.link,
    isRefusal: (error) => String(error).includes('401'),
    go,
    random: () => 0.5,
  });
  place.start();
  return {
    hub,
    place,
    go,
    answers,
    kind: () => statusOf(place.me.value, place.lobby.value, place.ended.value),
    become: (state: EntryState, more: Partial<Me> = {}) => {
      me = { ...me, ...more, state, version: me.version + 1 };
      hub.publish('me', state, { me });
    },
    session: (change: Partial<Lobby>) => {
      lobby = { ...lobby, ...change };
      hub.publish('lobby', 'x', { lobby });
    },
  };
}

describe('a place in the lobby', () => {
  it('is let in when the window opens', async () => {
    const { kind, become, session, go, place } = build();
    await vi.advanceTimersByTimeAsync(1000);
    expect(kind()).toBe('waiting');
    become('approved');
    expect(kind()).toBe('approved');
    session({ phase: 'open' });
    expect(kind()).toBe('opening');
    await vi.advanceTimersByTimeAsync(1000);
    expect(go).toHaveBeenCalledTimes(1);
    place.stop();
  });

  it('hears of presence one thing at a time', async () => {
    const { hub, place } = build();
    await vi.advanceTimersByTimeAsync(1000);
    const changes = [{ proctorPresent: true }, { waiting: 4 }];
    hub.live[0]?.receive('Presence', { feed: 'lobby', changes });
    hub.live[0]?.receive('Presence', { feed: 'me', changes: [{ ahead: 0 }] });
    expect([place.proctorPresent.value, place.ahead.value]).toEqual([true, 0]);
    place.stop();
  });

  it('is let in although the window opened while the connection was lost', async () => {
    const { hub, become, session, go, place } = build();
    await vi.advanceTimersByTimeAsync(1000);
    hub.refuse = () => new Error('unreachable');
    hub.live[0]?.cut();
    become('approved');
    session({ phase: 'open' });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(go).not.toHaveBeenCalled();
    hub.refuse = null;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(go).toHaveBeenCalledTimes(1);
    place.stop();
  });

  it('stops when another device takes over, and enters no more', async () => {
    const { kind, become, session, hub, go } = build();
    await vi.advanceTimersByTimeAsync(1000);
    become('approved', { device: 2 });
    session({ phase: 'open' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kind()).toBe('takenOver');
    expect(hub.live).toHaveLength(0);
    expect(go).not.toHaveBeenCalled();
  });

  it.each([
    ['takenOver', 'takenOver'],
    ['signInRequired', 'gone'],
  ])('refused connection, %s over REST: shows %s', async (code, expected) => {
    const { hub, answers, kind } = build();
    await vi.advanceTimersByTimeAsync(1000);
    hub.refuse = () => new Error('401');
    answers.me = { ok: false, problem: { code, detail: '', status: 401 } };
    hub.live[0]?.cut();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(kind()).toBe(expected);
  });

  it('tries again when the refusal was not about its token', async () => {
    const { hub, kind, place } = build();
    await vi.advanceTimersByTimeAsync(1000);
    hub.refuse = () => new Error('401');
    hub.live[0]?.cut();
    await vi.advanceTimersByTimeAsync(10_000);
    hub.refuse = null;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(kind()).toBe('waiting');
    expect(place.client.connection.value).toBe('connected');
    place.stop();
  });

  it('says why a wish was refused, until the state moves on', async () => {
    const { hub, place, become } = build();
    await vi.advanceTimersByTimeAsync(1000);
    hub.answers.AskAgain = () => new Error('HubException: [coolDown] Wait a moment.');
    const asked = place.act('AskAgain');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await asked).toBe(false);
    expect(place.failure.value?.detail).toBe('Wait a moment.');
    become('approved');
    expect(place.failure.value).toBeNull();
    place.stop();
  });
});
