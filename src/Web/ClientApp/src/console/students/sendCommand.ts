import { ProblemError } from '../../shared/problems';
import type { CommandResults, EntriesCommand, EntryResult, EntryRow } from '../../shared/wire';
import { inCommands } from '../approvals/clean';
import { outcomeText, wentThrough } from '../approvals/outcomes';
import { client } from '../hub';
import { problemText } from '../problemText';
import type { Room } from '../session/room';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { nameOf } from './order';
import type { StudentCommand } from './preview';

const methods: Record<StudentCommand, string> = {
  pause: 'Pause',
  resume: 'Resume',
  extend: 'Extend',
  message: 'Message',
  terminate: 'Terminate',
  revoke: 'Revoke',
  releaseSeal: 'ReleaseSeal',
  reinstate: 'Reinstate',
};

/**
 * Sends a command for exactly these rows and says what became of it. Whether it happened shows in the rows, when the
 * feed brings it.
 */
export async function sendCommand(
  room: Room,
  command: StudentCommand,
  rows: readonly EntryRow[],
  more: Pick<EntriesCommand, 'reason' | 'seconds' | 'text' | 'nextAttempt'> = {},
): Promise<void> {
  const { decisions, id } = room.live;
  decisions.dismiss();
  const results: EntryResult[] = [];
  try {
    for (const part of inCommands(rows)) {
      const entries = part.map((row) => ({ id: row.id, version: row.version }));
      results.push(
        ...(await client.invoke<CommandResults>(methods[command], id, { entries, ...more })).results,
      );
    }
  } catch (error) {
    const problem = error instanceof ProblemError ? error.problem : { code: 'offline', detail: '' };
    toast(problem.code === 'offline' ? t('outcome.unconfirmed') : problemText(problem), { tone: 'bad' });
    return;
  }
  const requested = results.filter(({ outcome }) => outcome === 'requested').length;
  const done = results.filter(wentThrough).length - requested;
  if (done > 0) toast(t(`done.${command}`, { count: done }));
  if (requested > 0) toast(t('outcome.requested', { count: requested }));
  const now = client.clock.now();
  const byId = new Map(rows.map((row) => [row.id, row]));
  decisions.notices.value = results
    .filter((result) => !wentThrough(result))
    .map((result) => {
      const row = byId.get(result.id);
      return { id: result.id, name: row ? nameOf(row) : result.id, text: outcomeText(result, now) };
    });
}
