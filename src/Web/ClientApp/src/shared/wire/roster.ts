// Students, groups, registrations and credits.

import type { Instant, Person } from './session';

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
