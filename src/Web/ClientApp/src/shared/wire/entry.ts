// Entries, what is asked of them, and what it became.

import type { Position } from './feeds';
import type { Instant, Person } from './session';

export type EntryState =
  | 'waiting'
  | 'approved'
  | 'denied'
  | 'withdrawn'
  | 'entering'
  | 'testing'
  | 'paused'
  | 'atSeal'
  | 'interrupted'
  | 'submitted'
  | 'terminated'
  | 'noShow'
  | 'expired'
  | 'moved'
  | 'removed';

export type PresenceState = 'never' | 'online' | 'lagging' | 'lost';

export type CommandKind = 'pause' | 'resume' | 'terminate' | 'extend' | 'releaseSeal';

export interface EntryStudent {
  id?: string | null;
  externalId?: string | null;
  givenName: string;
  familyName: string;
}

export interface EntryFlag {
  code: 'secondDevice' | 'askedAgain' | 'returning' | 'nameDiffers' | 'notRegistered' | (string & {});
  text: string;
}

export interface Decision {
  outcome: 'approved' | 'denied' | 'revoked';
  by?: Person | null;
  at: Instant;
  reason?: string | null;
}

export interface Progress {
  answered: number;
  total: number;
  section?: string | null;
}

export interface PendingCommand {
  id: string;
  kind: CommandKind;
  seconds?: number | null;
  reason?: string | null;
  requestedAt: Instant;
  deliveredAt?: Instant | null;
  overdue: boolean;
}

export interface EntryMessage {
  at: Instant;
  from: 'proctor' | 'student';
  name: string;
  text: string;
}

export interface EntryRow {
  id: string;
  version: number;
  arrival: number;
  attempt: number;
  state: EntryState;
  stateSince: Instant;
  arrivedAt: Instant;
  wayIn: 'joinId' | 'link' | 'guest' | 'ticket' | 'ownPage';
  student: EntryStudent;
  guest: boolean;
  simulated: boolean;
  testCode: string;
  testTitle: string;
  flags: EntryFlag[];
  /** 1, 2, …; raised at each take-over. */
  device: number;
  settings: Record<string, unknown>;
  decision?: Decision | null;
  progress?: Progress | null;
  allowedSeconds: number;
  usedSeconds: number;
  runningSince?: Instant | null;
  pausedSince?: Instant | null;
  pausedSeconds: number;
  pausedBy?: 'proctor' | 'student' | 'hold' | 'close' | null;
  pendingCommand?: PendingCommand | null;
  handRaised: boolean;
  messages: EntryMessage[];
  endReason?: string | null;
  /** The title of the sealed section that the student waits at. */
  seal?: string | null;
}

export interface EntryRef {
  id: string;
  version: number;
}

export interface EntriesCommand {
  entries: EntryRef[];
  reason?: string;
  settings?: Record<string, unknown>;
  seconds?: number;
  text?: string;
  nextAttempt?: boolean;
}

export type Outcome =
  | 'approved'
  | 'denied'
  | 'revoked'
  | 'paused'
  | 'resumed'
  | 'extended'
  | 'terminated'
  | 'sealReleased'
  | 'reinstated'
  | 'sent'
  | 'requested'
  | 'alreadyDecided'
  | 'gone'
  | 'stale'
  | 'full'
  | 'refused';

export interface EntryResult {
  id: string;
  outcome: Outcome;
  version: number;
  by?: Person | null;
  at?: Instant | null;
  detail?: string | null;
}

export interface CommandResults {
  results: EntryResult[];
}

export interface EntriesAnswer extends Position {
  entries: EntryRow[];
}
