// Tickets and seal codes.

import type { Instant, SessionMode } from './session';

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
