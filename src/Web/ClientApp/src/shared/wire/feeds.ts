// What hubs answer and send.

import type { EntryRow, PresenceState } from './entry';
import type { Lobby, Me } from './lobby';
import type { Instant, Person, Session, SessionCounts, SessionListRow } from './session';

export interface Position {
  epoch: string;
  seq: number;
}

export interface FeedEvent<D = unknown> {
  seq: number;
  kind: string;
  at: Instant;
  data: D;
}

export interface FollowAnswer<S = unknown, D = unknown> {
  feed: string;
  epoch: string;
  seq: number;
  now: Instant;
  snapshot: S | null;
  events: FeedEvent<D>[];
}

/** What `Enter` answers: for each feed what `Follow` would have. */
export interface EnterAnswer {
  lobby: FollowAnswer;
  me: FollowAnswer;
}

export interface FeedBatch<D = unknown> {
  feed: string;
  epoch: string;
  events: FeedEvent<D>[];
}

export interface FeedHead {
  feed: string;
  epoch: string;
  seq: number;
}

export interface PresenceBatch {
  feed: string;
  changes: unknown[];
}

export interface SessionSnapshot {
  session: Session;
  entries: EntryRow[];
}

export interface SessionEventData {
  session?: Session;
  entry?: EntryRow;
  by?: Person | null;
  reason?: string | null;
  lateSeconds?: number | null;
}

export interface SessionsEventData {
  session?: SessionListRow;
  /** Of several that one step concerns, such as those that open at one instant. */
  sessions?: SessionListRow[];
  removed?: string;
  version?: number;
}

export interface LobbyData {
  lobby: Lobby;
}

export interface MeData {
  me: Me;
}

export interface EntryPresence {
  id: string;
  presence: PresenceState;
  lastSeenAt?: Instant | null;
}

export interface StaffPresence {
  staff: Person[];
}

export interface LobbyPresence {
  waiting: number;
  proctorPresent: boolean;
}

export interface MePresence {
  /** How many wait before this student. */
  ahead: number;
}

export interface SessionsPresence {
  id: string;
  counts: SessionCounts;
}

/* Staff commands (section 4) */

export interface Now {
  now: Instant;
}
