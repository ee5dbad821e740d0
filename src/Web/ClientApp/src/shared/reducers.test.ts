import { describe, expect, it } from 'vitest';
import { applyAnswer, applyBatch, type Held, meReducer, sessionReducer, sessionsReducer } from './reducers';
import type { EntryRow, FeedEvent, Me, Session, SessionEventData, SessionListRow } from './wire';

const event = (seq: number, version = seq): FeedEvent<{ me: Me }> => ({
  seq,
  kind: 'approved',
  at: '2026-11-21T09:00:00.000Z',
  data: { me: { version } as Me },
});
const held = (seq: number): Held<Me> => ({ position: { epoch: 'a', seq }, state: { version: seq } as Me });
const answer = (over: object) => ({
  feed: 'me',
  epoch: 'a',
  seq: 0,
  now: '',
  snapshot: null,
  events: [],
  ...over,
});

describe('a batch', () => {
  it('drops duplicates and applies the rest', () => {
    const { held: next, gap } = applyBatch(meReducer, held(3), {
      feed: 'me',
      epoch: 'a',
      events: [event(2), event(3), event(4), event(5)],
    });
    expect([next.position.seq, next.state.version, gap]).toEqual([5, 5, false]);
  });

  it('applies what stands before a gap and asks to follow again', () => {
    const { held: next, gap } = applyBatch(meReducer, held(3), {
      feed: 'me',
      epoch: 'a',
      events: [event(4), event(6)],
    });
    expect([next.position.seq, next.state.version, gap]).toEqual([4, 4, true]);
  });

  it('takes nothing from another epoch', () => {
    const before = held(3);
    const { held: next, gap } = applyBatch(meReducer, before, { feed: 'me', epoch: 'b', events: [event(4)] });
    expect(next).toBe(before);
    expect(gap).toBe(true);
  });
});

describe('an answer', () => {
  it('puts events on top of the snapshot', () => {
    const next = applyAnswer(
      meReducer,
      null,
      answer({ seq: 7, snapshot: { me: { version: 5 } }, events: [event(6), event(7)] }),
    );
    expect(next).toEqual({ position: { epoch: 'a', seq: 7 }, state: { version: 7 } });
  });

  it('replays onto what is held, past duplicates', () => {
    const next = applyAnswer(meReducer, held(3), answer({ seq: 5, events: [event(3), event(4), event(5)] }));
    expect(next?.position.seq).toBe(5);
  });

  it('is not taken when it does not join on', () => {
    expect(applyAnswer(meReducer, null, answer({ seq: 5, events: [event(5)] }))).toBeNull();
    expect(applyAnswer(meReducer, held(3), answer({ epoch: 'b', seq: 3 }))).toBeNull();
    expect(applyAnswer(meReducer, held(3), answer({ seq: 5, events: [event(5)] }))).toBeNull();
    expect(applyAnswer(meReducer, held(3), answer({ seq: 5, events: [event(4)] }))).toBeNull();
  });
});

describe('the feeds of staff', () => {
  const row = (id: string, version: number) => ({ id, version }) as EntryRow;
  const change = (seq: number, data: SessionEventData) => ({ seq, kind: 'x', at: '', data });

  it('old snapshot + events = new snapshot, and the old one stays as it was', () => {
    const old = sessionReducer.fromSnapshot(
      { session: { id: 's', version: 1 } as Session, entries: [row('a', 1), row('b', 1)] },
      null,
    );
    const next = sessionReducer.apply(old, [
      change(1, { entry: row('a', 2) }),
      change(2, { session: { id: 's', version: 2 } as Session }),
      change(3, { entry: row('c', 1) }),
    ]);
    expect(next).toEqual(
      sessionReducer.fromSnapshot(
        { session: { id: 's', version: 2 } as Session, entries: [row('a', 2), row('b', 1), row('c', 1)] },
        null,
      ),
    );
    expect(old.entries.get('a')?.version).toBe(1);
  });

  it('a snapshot of the session list says to read the pages again', () => {
    const first = sessionsReducer.fromSnapshot({}, null);
    const seen = sessionsReducer.apply(first, [
      { seq: 1, kind: 'x', at: '', data: { session: { id: 's', version: 4 } as SessionListRow } },
      { seq: 2, kind: 'removed', at: '', data: { removed: 't', version: 9 } },
      { seq: 3, kind: 'removed', at: '', data: { removed: 'u', version: 1 } },
      {
        seq: 4,
        kind: 'x',
        at: '',
        data: {
          sessions: [{ id: 'u', version: 2 } as SessionListRow, { id: 'v', version: 3 } as SessionListRow],
        },
      },
    ]);
    expect([seen.rows.get('s')?.version, seen.removed.get('t'), seen.generation]).toEqual([4, 9, 1]);
    expect([seen.rows.get('u')?.version, seen.rows.get('v')?.version, seen.removed.has('u')]).toEqual([
      2,
      3,
      false,
    ]);
    expect(sessionsReducer.fromSnapshot({}, seen).generation).toBe(2);
  });
});
