/**
 * The shapes of docs/protocol.md, version 1. Instants are ISO 8601 strings in UTC; durations name their unit.
 * A field that the server may leave out is `?` and may also be null.
 */

export type Instant = string;

export type SessionMode = 'inPerson' | 'remote' | 'hybrid';
export type SessionPhase = 'scheduled' | 'lobbyOpen' | 'open' | 'held' | 'draining' | 'closed' | 'cancelled';
export type StartMode = 'automatic' | 'manual';
export type TestKind = 'operational' | 'practice' | 'training';

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

export interface Broadcast {
  at: Instant;
  name: string;
  text: string;
}

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
export interface SessionCommand {
  reason?: string;
  closesAt?: Instant;
  version?: number;
  notify?: boolean;
}

/* REST (section 6) */

export interface Now {
  now: Instant;
}
export type Role = 'administrator' | 'manager' | 'proctor' | 'observer';
export interface StaffMe {
  id: string;
  name: string;
  email: string;
  role: Role;
  organisation: Person;
}
export interface Page<T> {
  items: T[];
  next?: string | null;
}
/** Where somebody’s calendar program finds the feed; without one there is no address. */
export interface CalendarLink {
  url?: string;
}
export type MailState =
  | 'waiting'
  | 'sending'
  | 'handingOver'
  | 'sent'
  | 'failed'
  | 'unconfirmed'
  | 'superseded'
  | 'written';
export type MailKind = 'moved' | 'cancelled' | 'reassigned' | 'unassigned' | 'removed' | 'invited';
export interface MailDelivery {
  kind: string;
  place: string;
  from: string;
}
export interface OutboxMail {
  id: string;
  kind: MailKind;
  state: MailState;
  since: Instant;
  createdAt: Instant;
  nextTryAt?: Instant;
  attempts: number;
  studentId: string;
  studentName: string;
  recipient: string;
  sessionId?: string;
  sessionName?: string;
  reply: string;
  askedBy: string;
}
export interface OutboxSummary {
  delivery: MailDelivery;
  language: string;
  counts: { [state in MailState]?: number };
}
export interface MailsAnswer {
  results: MailOutcome[];
}
export interface MailOutcome {
  id: string;
  outcome: string;
}
export type NoticeReason = 'startsEarlier' | 'startsLater' | 'endsEarlier' | 'shorter' | 'cancelled';
export interface NoticePreview {
  candidates: number;
  withEmail: number;
  changes: boolean;
  recommended: boolean;
  reasons: NoticeReason[];
  delivery: MailDelivery;
}
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
export interface EntriesAnswer extends Position {
  entries: EntryRow[];
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

export interface Ticket {
  registrationId: string;
  userId: string;
  password: string;
  student: { id: string; externalId: string; givenName: string; familyName: string };
  testCode: string;
  testTitle: string;
  minutes: number;
}
export interface TicketSheet {
  session: {
    id: string;
    name: string;
    mode: SessionMode;
    timeZone: string;
    opensAt: Instant;
    closesAt: Instant;
    joinId: string;
    joinAddress: string;
    asksCode: boolean;
  };
  items: Ticket[];
}
export interface SealCode {
  testCode: string;
  testTitle: string;
  section: string;
  code: string;
  madeAt: Instant;
}
export interface SealCodes {
  sessionId: string;
  sessionName: string;
  codes: SealCode[];
}

/* Imports (section 6) */

/** A file whose rows become sessions, students, groups or registrations: docs/protocol.md section 6. */
export interface Import {
  id: string;
  kind: ImportKind;
  fileName: string;
  options: ImportOptions;
  state: ImportState;
  rows: number;
  done: number;
  counts: ImportCounts;
  problem?: ImportProblem | null;
  notice?: ImportNotice | null;
  notify?: boolean | null;
  remarks: string[];
  by: Person;
  createdAt: Instant;
  finishedAt?: Instant | null;
}

export type ImportKind = 'sessions' | 'students' | 'groups' | 'registrations' | 'oneRoster';
export type ImportState = 'reading' | 'previewed' | 'applying' | 'applied' | 'cancelled' | 'failed';
export type RowOutcome = 'create' | 'update' | 'same' | 'reject' | 'remove';

export interface ImportOptions {
  timeZone: string;
  tests: string[];
  mode: SessionMode;
  move: boolean;
}

export interface ImportCounts {
  create: number;
  update: number;
  same: number;
  reject: number;
  remove: number;
}

/** Whom the sessions that a file moves concern. */
export interface ImportNotice {
  sessions: number;
  candidates: number;
  withEmail: number;
  reasons: NoticeReason[];
  recommended: boolean;
}

export interface ImportProblem {
  code: string;
  detail: string;
}

export interface ImportRow {
  position: number;
  /** Its number as a spreadsheet program shows it. */
  line: number;
  /** The file that it stands in; empty unless there are several. */
  part: string;
  subject: string;
  cells: Record<string, string>;
  outcome: RowOutcome;
  wrong: string[];
  remarks: string[];
  changes: FieldChange[];
  subjectId?: string | null;
  applied: boolean;
}

export interface FieldChange {
  field: string;
  from: string;
  to: string;
}

/* Students, groups, registrations and credits (section 6) */

export interface Student {
  id: string;
  externalId: string;
  userId: string;
  givenName: string;
  familyName: string;
  email?: string | null;
  /** '' where none is known. */
  language: string;
  groups: string[];
  settings: Record<string, string>;
  version: number;
  createdAt: Instant;
}
export interface Group {
  id: string;
  name: string;
  size: number;
  version: number;
}
export type RegistrationStatus = 'pending' | 'started' | 'completed' | 'cancelled';
export interface RegisteredStudent {
  id: string;
  externalId: string;
  userId: string;
  givenName: string;
  familyName: string;
  email?: string | null;
}
export interface Registration {
  id: string;
  userId: string;
  status: RegistrationStatus;
  student: RegisteredStudent;
  testCode: string;
  testTitle: string;
  sessionId?: string | null;
  sessionName?: string | null;
  opensAt?: Instant | null;
  closesAt?: Instant | null;
  timeZone?: string | null;
  settings: Record<string, string>;
  entryId?: string | null;
  invitedAt?: Instant | null;
  createdAt: Instant;
  version: number;
  /** In the answer that registers or moves: how many more are registered than may be admitted. */
  overCapacity?: number | null;
}
export interface RegisteredMany {
  registered: number;
  moved: number;
  already: number;
  refused: RefusedStudent[];
  overCapacity?: number | null;
}
export interface RefusedStudent {
  studentId: string;
  code: string;
  reason: string;
}
export interface ChangedMany {
  changed: number;
  already: number;
  refused: RefusedRegistration[];
  overCapacity?: number | null;
}
export interface RefusedRegistration {
  id: string;
  code: string;
  reason: string;
}
export interface CreditRow {
  seq: number;
  at: Instant;
  kind: 'taken' | 'returned' | 'granted';
  amount: number;
  balance: number;
  registrationId?: string | null;
  /** Whose registration it was, and to which test; without them when no registration moved it. */
  student?: { id: string; externalId: string; givenName: string; familyName: string } | null;
  testCode?: string | null;
  note: string;
  by: Person;
}
export interface CreditPage {
  balance: number;
  items: CreditRow[];
  next?: string | null;
}
/** What cleaning up would remove. */
export interface PastRegistrations {
  count: number;
  sessions: number;
}
export interface CleanedUp {
  removed: number;
  credits: number;
  before: number;
  after: number;
}

/* The student's own page (section 6) */

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
