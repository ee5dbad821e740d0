import type { Problem } from '../../shared/problems';
import { ProblemError } from '../../shared/problems';
import type { Session, SessionCommand } from '../../shared/wire';
import { client } from '../hub';
import type { PhaseAction } from './phaseRules';

const methods: Record<PhaseAction, string> = {
  open: 'Open',
  hold: 'Hold',
  release: 'Release',
  stop: 'Stop',
  reopen: 'Reopen',
  cancel: 'Cancel',
};

/** Moves the session to another phase; the problem when refused. The page changes when the feed says so. */
export async function sendPhase(
  action: PhaseAction,
  id: string,
  command: SessionCommand,
): Promise<Problem | null> {
  try {
    await client.invoke<Session>(methods[action], id, command);
    return null;
  } catch (error) {
    return error instanceof ProblemError ? error.problem : { code: 'offline', detail: '' };
  }
}
