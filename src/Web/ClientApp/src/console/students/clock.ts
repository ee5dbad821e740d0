import type { EntryRow } from '../../shared/wire';

/** Seconds left of an entry's test, in server time (docs/protocol.md section 3); below zero when it is over. */
export function secondsLeft(row: EntryRow, now: number): number {
  const running = row.runningSince ? (now - Date.parse(row.runningSince)) / 1000 : 0;
  return row.allowedSeconds - row.usedSeconds - running;
}

/** Seconds paused so far, the pause under way included. */
export function secondsPaused(row: EntryRow, now: number): number {
  const pausing = row.pausedSince ? (now - Date.parse(row.pausedSince)) / 1000 : 0;
  return row.pausedSeconds + pausing;
}

/** Whether the entry's test has begun, so that its clock says something. */
export function hasClock(row: EntryRow): boolean {
  return row.usedSeconds > 0 || Boolean(row.runningSince) || Boolean(row.progress);
}
