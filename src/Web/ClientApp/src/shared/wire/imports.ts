// Imports of files: docs/protocol.md section 6.

import type { NoticeReason } from './mail';
import type { FieldChange, Instant, Person, SessionMode } from './session';

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
