// The student's way in, lobby and own page.

import type { CommandKind, EntryMessage, EntryState, Progress } from './entry';
import type { Broadcast, Instant, SessionMode, SessionPhase, StartMode, TestKind } from './session';

export interface Lobby {
  sessionId: string;
  sessionName: string;
  phase: SessionPhase;
  phaseSince: Instant;
  opensAt: Instant;
  closesAt: Instant;
  lobbyOpensAt: Instant;
  timeZone: string;
  startMode: StartMode;
  scheduleVersion: number;
  holdReason?: string | null;
  simulated: boolean;
  broadcasts: Broadcast[];
  admitJitterMilliseconds: number;
}

export interface Me {
  entryId: string;
  version: number;
  state: EntryState;
  stateSince: Instant;
  studentName: string;
  testCode: string;
  testTitle: string;
  attempt: number;
  device: number;
  /** Shown as text, never as markup. */
  reason?: string | null;
  deniedTimes: number;
  askAgainAt?: Instant | null;
  mayAskAgain: boolean;
  handRaised: boolean;
  messages: EntryMessage[];
  pendingCommand?: CommandKind | null;
  mayPause: boolean;
  mayReturn: boolean;
  progress?: Progress | null;
  launchedAt?: Instant | null;
  simulated: boolean;
  seal?: string | null;
}

/* Feeds (section 2) */

export interface LobbySession {
  name: string;
  phase: SessionPhase;
  opensAt: Instant;
  closesAt: Instant;
  timeZone: string;
  mode: SessionMode;
  asksCode: boolean;
  guests: boolean;
  tests: { code: string; title: string; kind: TestKind }[];
}

export interface JoinRequest {
  joinId?: string;
  link?: string;
  studentId?: string;
  firstName?: string;
  userId?: string;
  password?: string;
  guestName?: string;
  testCode?: string;
  code?: string;
}

export interface JoinAnswer {
  entryId: string;
  token: string;
  state: EntryState;
  sessionName: string;
  device: number;
}

export interface EntryTokenAnswer {
  token: string;
  launchUrl: string;
  expiresAt: Instant;
}

/* Tickets and seal codes (section 6) */

export interface OwnTest {
  id: string;
  testCode: string;
  title: string;
  kind?: TestKind | null;
  minutes?: number | null;
  state: 'locked' | 'startable' | 'inProgress' | 'done' | 'closed';
  sessionName?: string | null;
  opensAt?: Instant | null;
  closesAt?: Instant | null;
  lobbyOpensAt?: Instant | null;
  timeZone?: string | null;
  asksCode: boolean;
}

export interface OwnPractice {
  testCode: string;
  title: string;
  minutes: number;
}

export interface OwnPage {
  student: { givenName: string; familyName: string; language: '' | 'en' | 'es' | 'fr' };
  now: Instant;
  registrations: OwnTest[];
  practice: OwnPractice[];
}

export interface OwnStartAnswer extends JoinAnswer {
  joinId: string;
}

export interface TicketRequest {
  joinId?: string;
  link?: string;
  userId: string;
  password: string;
}

export interface TicketView {
  now: Instant;
  tests: OwnTest[];
}
