// Mails and the notice of moved sessions.

import type { Instant } from './session';

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
