import type { EntryRow, EntryState, SessionPhase } from '../../shared/wire';

/** What a proctor can do to the students of a session, one, ticked or all. */
export type StudentCommand =
  | 'pause'
  | 'resume'
  | 'extend'
  | 'message'
  | 'terminate'
  | 'revoke'
  | 'releaseSeal'
  | 'reinstate';

/** Why a command leaves a row alone. */
export type SkipReason =
  | 'notTesting'
  | 'alreadyPaused'
  | 'pending'
  | 'notPaused'
  | 'held'
  | 'ended'
  | 'notApproved'
  | 'notAtSeal'
  | 'notReinstatable'
  | 'sessionOver';

export interface Preview {
  affected: EntryRow[];
  skipped: { row: EntryRow; reason: SkipReason }[];
  /** Of the affected: paused longer than the session's limit, so they go through the lobby again. */
  throughLobby: EntryRow[];
}

const ended: ReadonlySet<EntryState> = new Set([
  'submitted',
  'terminated',
  'noShow',
  'expired',
  'moved',
  'removed',
]);
/** States before a test is under way, in which a command needs no delivery system's word. */
const before: ReadonlySet<EntryState> = new Set(['waiting', 'approved', 'denied', 'withdrawn']);

/** Phases in which nobody can be let in any more. */
const over: ReadonlySet<SessionPhase> = new Set(['draining', 'closed', 'cancelled']);

function skip(command: StudentCommand, row: EntryRow, phase: SessionPhase): SkipReason | undefined {
  const held = phase === 'held';
  if (command === 'reinstate') {
    if (row.state !== 'terminated' && row.state !== 'expired') return 'notReinstatable';
    return over.has(phase) ? 'sessionOver' : undefined;
  }
  if (ended.has(row.state)) return 'ended';
  switch (command) {
    case 'pause':
      if (row.state === 'paused') return 'alreadyPaused';
      if (row.state !== 'testing') return 'notTesting';
      return row.pendingCommand ? 'pending' : undefined;
    case 'resume':
      if (row.state !== 'paused') return 'notPaused';
      if (held) return 'held';
      return row.pendingCommand ? 'pending' : undefined;
    case 'extend':
      return row.pendingCommand && !before.has(row.state) ? 'pending' : undefined;
    case 'revoke':
      return row.state === 'approved' || row.state === 'entering' ? undefined : 'notApproved';
    case 'terminate':
      return row.pendingCommand?.kind === 'terminate' ? 'pending' : undefined;
    case 'releaseSeal':
      if (row.state !== 'atSeal') return 'notAtSeal';
      if (held) return 'held';
      return row.pendingCommand ? 'pending' : undefined;
    case 'message':
      return undefined;
  }
}

/**
 * Who a command would touch and who it would leave alone, and why: what the confirm dialog shows before anything is
 * sent. The server decides again by itself; this only has to be honest about the rows on the screen.
 */
export function preview(
  command: StudentCommand,
  rows: Iterable<EntryRow>,
  session: {
    phase: SessionPhase;
    profile: { pauseLimitMinutes: number };
    tests?: readonly { code: string; proctored: boolean }[];
  },
  now: number,
): Preview {
  const answer: Preview = { affected: [], skipped: [], throughLobby: [] };
  for (const row of rows) {
    const reason = skip(command, row, session.phase);
    if (reason) answer.skipped.push({ row, reason });
    else {
      answer.affected.push(row);
      // A pause of everyone is not held against anyone, however long.
      const since = row.pausedSince && row.pausedBy !== 'hold' ? Date.parse(row.pausedSince) : now;
      const limit = session.profile.pauseLimitMinutes * 60_000;
      // No profile has an effect on a test that is not proctored.
      const free = session.tests?.some(({ code, proctored }) => code === row.testCode && !proctored) ?? false;
      if (command === 'resume' && !free && now - since > limit) answer.throughLobby.push(row);
    }
  }
  return answer;
}

/** The skipped counted by reason, most first, for one line of the dialog. */
export function skippedByReason(skipped: Preview['skipped']): { reason: SkipReason; count: number }[] {
  const count = new Map<SkipReason, number>();
  for (const { reason } of skipped) count.set(reason, (count.get(reason) ?? 0) + 1);
  return [...count].map(([reason, n]) => ({ reason, count: n })).sort((a, b) => b.count - a.count);
}
