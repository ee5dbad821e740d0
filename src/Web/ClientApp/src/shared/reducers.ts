import type {
  EntryRow,
  FeedBatch,
  FeedEvent,
  FollowAnswer,
  Lobby,
  LobbyData,
  Me,
  MeData,
  Position,
  Session,
  SessionEventData,
  SessionListRow,
  SessionSnapshot,
  SessionsEventData,
} from './wire';

/** How one kind of feed becomes state. Pure: `apply` gives a new state and leaves the old one as it was. */
export interface Reducer<S, Snapshot = unknown, Data = unknown> {
  fromSnapshot(snapshot: Snapshot, previous: S | null): S;
  apply(state: S, events: FeedEvent<Data>[]): S;
}

/** A state and the position that it stands for. */
export interface Held<S> {
  position: Position;
  state: S;
}

/**
 * Takes the answer of `Follow`. `null` means that the answer does not join on to what is held (a replay for another
 * epoch, a hole): follow again with no position.
 */
export function applyAnswer<S, Snapshot, Data>(
  reducer: Reducer<S, Snapshot, Data>,
  held: Held<S> | null,
  answer: FollowAnswer<Snapshot, Data>,
): Held<S> | null {
  const answered: Position = { epoch: answer.epoch, seq: answer.seq };
  if (answer.snapshot !== null && answer.snapshot !== undefined) {
    const state = reducer.fromSnapshot(answer.snapshot, held?.state ?? null);
    return { position: answered, state: answer.events.length ? reducer.apply(state, answer.events) : state };
  }
  if (!held || held.position.epoch !== answer.epoch) return null;
  const fresh = answer.events.filter((event) => event.seq > held.position.seq);
  const contiguous = fresh.every((event, index) => event.seq === held.position.seq + 1 + index);
  if (!contiguous || held.position.seq + fresh.length < answer.seq) return null;
  return fresh.length
    ? {
        position: { epoch: answer.epoch, seq: held.position.seq + fresh.length },
        state: reducer.apply(held.state, fresh),
      }
    : held;
}

/**
 * Takes a `Feed` message (docs/protocol.md section 2): only `held.seq + 1` of the same epoch is applied, what is
 * smaller is a duplicate, and anything else is a gap. What stood before the gap is applied; `gap` says to follow
 * again with the position held.
 */
export function applyBatch<S, Snapshot, Data>(
  reducer: Reducer<S, Snapshot, Data>,
  held: Held<S>,
  batch: FeedBatch<Data>,
): { held: Held<S>; gap: boolean } {
  if (batch.epoch !== held.position.epoch) return { held, gap: true };
  const next: FeedEvent<Data>[] = [];
  let { seq } = held.position;
  let gap = false;
  for (const event of batch.events) {
    if (event.seq <= seq) continue;
    if (event.seq !== seq + 1) {
      gap = true;
      break;
    }
    next.push(event);
    seq = event.seq;
  }
  if (!next.length) return { held, gap };
  return { held: { position: { epoch: batch.epoch, seq }, state: reducer.apply(held.state, next) }, gap };
}

/* The four feeds. Data carries what changed whole, so applying is replacing. */

export interface SessionState {
  session: Session;
  entries: ReadonlyMap<string, EntryRow>;
}

export const sessionReducer: Reducer<SessionState, SessionSnapshot, SessionEventData> = {
  fromSnapshot: ({ session, entries }) => ({
    session,
    entries: new Map(entries.map((entry) => [entry.id, entry])),
  }),
  apply(state, events) {
    let { session } = state;
    let entries: Map<string, EntryRow> | null = null;
    for (const { data } of events) {
      if (data.session) session = data.session;
      if (data.entry) {
        entries ??= new Map(state.entries);
        entries.set(data.entry.id, data.entry);
      }
    }
    return { session, entries: entries ?? state.entries };
  },
};

export interface SessionsState {
  /** Rows seen in events since the last snapshot; the list itself is paged through REST. */
  rows: ReadonlyMap<string, SessionListRow>;
  /** Version at which a session left the list. */
  removed: ReadonlyMap<string, number>;
  /** Raised by every snapshot: pages read before it may be out of date, read them again. */
  generation: number;
}

export const sessionsReducer: Reducer<SessionsState, object, SessionsEventData> = {
  fromSnapshot: (_, previous) => ({
    rows: new Map(),
    removed: new Map(),
    generation: (previous?.generation ?? 0) + 1,
  }),
  apply(state, events) {
    const rows = new Map(state.rows);
    const removed = new Map(state.removed);
    for (const { data } of events) {
      for (const row of data.session ? [data.session] : (data.sessions ?? [])) {
        rows.set(row.id, row);
        removed.delete(row.id);
      }
      if (data.removed) {
        rows.delete(data.removed);
        removed.set(data.removed, data.version ?? 0);
      }
    }
    return { ...state, rows, removed };
  },
};

export const lobbyReducer: Reducer<Lobby, LobbyData, LobbyData> = {
  fromSnapshot: ({ lobby }) => lobby,
  apply: (state, events) => events.reduce((last, { data }) => data.lobby ?? last, state),
};

export const meReducer: Reducer<Me, MeData, MeData> = {
  fromSnapshot: ({ me }) => me,
  apply: (state, events) => events.reduce((last, { data }) => data.me ?? last, state),
};
