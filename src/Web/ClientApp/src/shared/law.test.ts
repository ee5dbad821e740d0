import { describe, expect, it } from 'vitest';
import {
  applyBatch,
  lobbyReducer,
  meReducer,
  type Reducer,
  sessionReducer,
  sessionsReducer,
} from './reducers';
import type { FeedEvent, SessionListRow } from './wire';

/**
 * The law of snapshots: old snapshot + events = new snapshot. The cases are what the server's use cases really did,
 * recorded and compared by its own tests.
 */
interface Change {
  feed: 'session' | 'lobby' | 'me' | 'sessions';
  /** Null where the feed had shown nothing yet. */
  before: object | null;
  events: FeedEvent[];
  after: object;
}

interface Case {
  name: string;
  feeds: Change[];
}

const cases = Object.values(
  import.meta.glob<Case>('../../../../../tests/Contracts/law/*.json', { eager: true, import: 'default' }),
);

// biome-ignore lint/suspicious/noExplicitAny: a recorded case is of whichever feed it names.
function fold(reducer: Reducer<any, any, any>, { before, events, after }: Change, nothing: object) {
  const old = reducer.fromSnapshot(before ?? nothing, null);
  const untouched = structuredClone(old);
  const first = events[0]?.seq ?? 0;
  const { held, gap } = applyBatch(
    reducer,
    { position: { epoch: 'a', seq: first - 1 }, state: old },
    { feed: 'x', epoch: 'a', events },
  );
  expect(gap).toBe(false);
  expect(held.position.seq).toBe(first + events.length - 1);
  expect(old).toEqual(untouched);
  return { folded: held.state, shown: reducer.fromSnapshot(after, null) };
}

describe('old snapshot + events = new snapshot', () => {
  it('has cases', () => expect(cases.length).toBeGreaterThan(50));

  describe.each(cases)('$name', ({ feeds }) => {
    it.each(feeds)('$feed', (change) => {
      if (change.feed === 'sessions') {
        const { folded } = fold(sessionsReducer, change, {});
        const after = (change.after as { rows: Record<string, SessionListRow> }).rows;
        expect(Object.fromEntries(folded.rows)).toEqual(after);
        return;
      }
      const { folded, shown } =
        change.feed === 'session'
          ? fold(sessionReducer, change, { session: {}, entries: [] })
          : change.feed === 'lobby'
            ? fold(lobbyReducer, change, { lobby: {} })
            : fold(meReducer, change, { me: {} });
      expect(folded).toEqual(shown);
    });
  });
});
