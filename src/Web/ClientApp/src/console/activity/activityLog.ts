import { signal } from '@preact/signals';
import type { FeedEvent, Person, SessionEventData } from '../../shared/wire';
import { nameOf } from '../students/order';

/** One thing that happened. */
export interface ActivityLine {
  seq: number;
  at: string;
  kind: string;
  /** The student, or nothing when it concerns the session. */
  student?: string;
  by?: string;
  detail?: string;
  lateSeconds?: number;
}

/** Older lines than this many are dropped: the page is no archive. */
const mostKept = 2000;
/** Kinds so frequent that they would bury the rest. */
const unspoken = new Set(['position', 'commandDelivered']);

export function lineOf({ seq, at, kind, data }: FeedEvent<SessionEventData>): ActivityLine {
  const { entry, by, reason, lateSeconds } = data;
  const last = kind === 'message' ? entry?.messages.at(-1) : undefined;
  const detail = last?.text ?? reason;
  return {
    seq,
    at,
    kind,
    ...(entry ? { student: nameOf(entry) } : {}),
    ...(nameBy(by) ? { by: nameBy(by) } : {}),
    ...(detail ? { detail } : {}),
    ...(lateSeconds ? { lateSeconds } : {}),
  };
}

function nameBy(by: Person | null | undefined): string {
  return by?.name ?? '';
}

/** The events that arrived since the page opened, newest first. */
export class ActivityLog {
  readonly lines = signal<readonly ActivityLine[]>([]);

  add(events: readonly FeedEvent<SessionEventData>[]): void {
    const fresh = events.filter(({ kind }) => !unspoken.has(kind)).map(lineOf);
    if (fresh.length === 0) return;
    this.lines.value = [...fresh.reverse(), ...this.lines.value].slice(0, mostKept);
  }
}
