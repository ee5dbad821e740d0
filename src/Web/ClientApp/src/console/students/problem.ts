import type { EntryRow, PresenceState } from '../../shared/wire';

/** Why a row wants the proctor's eye now, worst first. */
export const problems = ['unconfirmed', 'interrupted', 'lost', 'seal', 'hand', 'lagging'] as const;
export type Problem = (typeof problems)[number];

/** States in which the student is at the test, so that losing sight of them matters. */
const atTest: ReadonlySet<EntryRow['state']> = new Set(['entering', 'testing', 'atSeal']);
/** States in which a raised hand is still somebody waiting for an answer. */
const here: ReadonlySet<EntryRow['state']> = new Set([
  'waiting',
  'approved',
  'entering',
  'testing',
  'paused',
  'atSeal',
  'interrupted',
]);

/** The worst problem of a row, or undefined when all is well. */
export function problemOf(row: EntryRow, presence: PresenceState | undefined): Problem | undefined {
  if (row.pendingCommand?.overdue) return 'unconfirmed';
  if (row.state === 'interrupted') return 'interrupted';
  if (atTest.has(row.state) && presence === 'lost') return 'lost';
  if (row.state === 'atSeal' && row.pendingCommand?.kind !== 'releaseSeal') return 'seal';
  if (row.handRaised && here.has(row.state)) return 'hand';
  if (atTest.has(row.state) && presence === 'lagging') return 'lagging';
  return undefined;
}
