// Sessions, their lists and their profiles.

import type { EntryRow } from './entry';
import type { MailDelivery } from './mail';

export type Instant = string;

export type SessionMode = 'inPerson' | 'remote' | 'hybrid';

export type SessionPhase = 'scheduled' | 'lobbyOpen' | 'open' | 'held' | 'draining' | 'closed' | 'cancelled';

export type StartMode = 'automatic' | 'manual';

export type TestKind = 'operational' | 'practice' | 'training';

export interface Person {
  id: string;
  name: string;
}

export interface SessionTest {
  code: string;
  title: string;
  kind: TestKind;
  minutes: number;
  proctored: boolean;
  delivery?: string | null;
  /** Titles of its sealed sections. */
  sealed: string[];
}

export interface SessionProctor extends Person {
  lead: boolean;
}

export interface Profile {
  lobbyLeadMinutes: number;
  closeRule: 'finish' | 'pause' | 'end';
  graceMinutes: number;
  autoAdmit: boolean;
  studentMayPause: boolean;
  pauseLimitMinutes: number;
  idleMinutes: number;
  admitJitterMilliseconds: number;
}

/** Where a session's settings come from; the name as it was when they were taken over. */
export interface AppliedProfile {
  id: string;
  name: string;
  version: number;
}

/** What the profile says by now, while the session runs with what it said before. Without an id: what LiveProctor comes with. */
export interface NewerProfile {
  id?: string | null;
  name: string;
  version: number;
  settings: Profile;
}

/** A profile of the organisation. */
export interface ProctoringProfile {
  id: string;
  name: string;
  settings: Profile;
  isDefault: boolean;
  /** Sessions that follow it and are scheduled or run. */
  sessions: number;
  version: number;
  createdAt: Instant;
}

export interface Session {
  id: string;
  name: string;
  mode: SessionMode;
  timeZone: string;
  opensAt: Instant;
  closesAt: Instant;
  lobbyOpensAt: Instant;
  phase: SessionPhase;
  phaseSince: Instant;
  scheduleVersion: number;
  version: number;
  joinId: string;
  joinLink?: string | null;
  code?: string | null;
  password: string;
  capacity?: number | null;
  startMode: StartMode;
  note?: string | null;
  tests: SessionTest[];
  proctors: SessionProctor[];
  profileId?: string | null;
  profile: Profile;
  appliedProfile?: AppliedProfile | null;
  newerProfile?: NewerProfile | null;
  holdReason?: string | null;
  drainsUntil?: Instant | null;
  idleSince?: Instant | null;
  simulated: boolean;
  createdAt: Instant;
}

export interface SessionCounts {
  waiting: number;
  testing: number;
  done: number;
}

export interface SessionListRow {
  id: string;
  name: string;
  mode: SessionMode;
  timeZone: string;
  opensAt: Instant;
  closesAt: Instant;
  phase: SessionPhase;
  joinId: string;
  code?: string | null;
  startMode: StartMode;
  simulated: boolean;
  version: number;
  proctorIds: string[];
  /** Not in events: counts come as presence, when they change. */
  counts?: SessionCounts | null;
}

/** What deleting sessions would do. */
export interface DeletionPreview {
  sessions: number;
  registrations: number;
  refused: { id: string; name: string; reason: string }[];
  students: number;
  withEmail: number;
  recommended: boolean;
  delivery: MailDelivery;
}

export interface DeleteSessionsAnswer {
  results: DeleteSessionOutcome[];
  registrations: number;
}

export interface DeleteSessionOutcome {
  id: string;
  outcome: 'deleted' | 'gone' | 'stale' | 'running';
  detail?: string | null;
}

export interface Broadcast {
  at: Instant;
  name: string;
  text: string;
}

export interface SessionCommand {
  reason?: string;
  closesAt?: Instant;
  version?: number;
  notify?: boolean;
}

/* REST (section 6) */

export interface CreateSession {
  name: string;
  mode: SessionMode;
  tests: string[];
  opensAt?: Instant;
  closesAt?: Instant;
  startNow?: boolean;
  timeZone?: string;
  code?: string;
  profileId?: string;
  capacity?: number;
  startMode?: StartMode;
  proctors?: string[];
  note?: string;
  password?: string;
  notify?: boolean;
}

export interface CatalogueTest {
  id?: string;
  code: string;
  title: string;
  kind: TestKind;
  sections: { title: string; sealed: boolean }[];
  minutes: number;
  proctored: boolean;
  launchUrl: string;
  delivery: string;
  version?: number;
}

export interface SessionReport {
  session: Session;
  counts: {
    joined: number;
    approved: number;
    denied: number;
    started: number;
    submitted: number;
    noShow: number;
    expired: number;
    terminated: number;
  };
  entries: EntryRow[];
}

export interface FieldChange {
  field: string;
  from: string;
  to: string;
}

/* Students, groups, registrations and credits (section 6) */
