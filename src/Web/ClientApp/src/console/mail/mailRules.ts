import type { MailOutcome, MailState } from '../../shared/wire';

/** Whether the program may be asked to send it: as `OutboxRules.MaySend` on the server. */
export function maySend(state: MailState): boolean {
  return state === 'waiting' || state === 'failed' || state === 'unconfirmed' || state === 'written';
}

/** Whether a person may say that it has arrived: as `OutboxRules.MaySettle` on the server. */
export function maySettle(state: MailState): boolean {
  return state === 'failed' || state === 'unconfirmed' || state === 'written';
}

/** Whether something about it will change without anybody's doing. */
export function isUnderWay(state: MailState): boolean {
  return state === 'waiting' || state === 'sending' || state === 'handingOver';
}

/** How many of a decision were taken as asked, and how many were left alone. */
export function tally(results: readonly MailOutcome[], wanted: string): { done: number; skipped: number } {
  const done = results.filter(({ outcome }) => outcome === wanted).length;
  return { done, skipped: results.length - done };
}
