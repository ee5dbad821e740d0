import { describe, expect, it } from 'vitest';
import type { EntryState } from '../../shared/wire';
import { aRow, aSession } from '../aRow.fixture';
import { preview, type StudentCommand, skippedByReason } from './preview';

const now = Date.parse('2026-11-21T10:00:00Z');
const session = aSession();
const pending = {
  id: 'c',
  kind: 'pause',
  requestedAt: '2026-11-21T09:59:58.000Z',
  overdue: false,
} as const;

function affectedStates(command: StudentCommand): EntryState[] {
  const states: EntryState[] = [
    'waiting',
    'approved',
    'denied',
    'withdrawn',
    'entering',
    'testing',
    'paused',
    'atSeal',
    'interrupted',
    'submitted',
    'terminated',
    'noShow',
    'expired',
  ];
  const rows = states.map((state, index) => aRow(String(index), { state }));
  return preview(command, rows, session, now).affected.map(({ state }) => state);
}

describe('the preview of a command', () => {
  it('pauses only those at the test', () => {
    expect(affectedStates('pause')).toEqual(['testing']);
  });

  it('resumes only the paused', () => {
    expect(affectedStates('resume')).toEqual(['paused']);
  });

  it('takes an approval back only before the test', () => {
    expect(affectedStates('revoke')).toEqual(['approved', 'entering']);
  });

  it('never touches who is done', () => {
    for (const command of ['extend', 'terminate', 'message'] as const)
      expect(affectedStates(command)).not.toEqual(expect.arrayContaining(['submitted']));
    expect(affectedStates('terminate')).toHaveLength(9);
  });

  it('gives back only what was terminated or has expired, in a session that goes on', () => {
    expect(affectedStates('reinstate')).toEqual(['terminated', 'expired']);
    const over = preview(
      'reinstate',
      [aRow('1', { state: 'expired' })],
      { ...session, phase: 'closed' },
      now,
    );
    expect(over.skipped.map(({ reason }) => reason)).toEqual(['sessionOver']);
  });

  it('says of each skipped row why', () => {
    const rows = [
      aRow('1', { state: 'waiting' }),
      aRow('2', { state: 'paused' }),
      aRow('3', { state: 'testing', pendingCommand: pending }),
      aRow('4', { state: 'submitted' }),
      aRow('5', { state: 'expired' }),
    ];
    const { affected, skipped } = preview('pause', rows, session, now);
    expect(affected).toEqual([]);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'notTesting',
      'alreadyPaused',
      'pending',
      'ended',
      'ended',
    ]);
    expect(skippedByReason(skipped)[0]).toEqual({ reason: 'ended', count: 2 });
  });

  it('lets terminate outrank a command that is not confirmed, but not itself', () => {
    const rows = [
      aRow('1', { state: 'testing', pendingCommand: pending }),
      aRow('2', { state: 'testing', pendingCommand: { ...pending, kind: 'terminate' } }),
    ];
    expect(preview('terminate', rows, session, now).affected.map(({ id }) => id)).toEqual(['1']);
  });

  it('warns about those paused for longer than the limit, whom the hold did not pause', () => {
    const long = '2026-11-21T09:39:00.000Z';
    const rows = [
      aRow('1', { state: 'paused', pausedSince: long, pausedBy: 'proctor' }),
      aRow('2', { state: 'paused', pausedSince: long, pausedBy: 'hold' }),
      aRow('3', { state: 'paused', pausedSince: '2026-11-21T09:45:00.000Z', pausedBy: 'student' }),
    ];
    const { affected, throughLobby } = preview('resume', rows, session, now);
    expect(affected).toHaveLength(3);
    expect(throughLobby.map(({ id }) => id)).toEqual(['1']);
  });

  it('resumes nobody while the session is on hold', () => {
    const rows = [aRow('1', { state: 'paused', pausedBy: 'hold' })];
    const { skipped } = preview('resume', rows, aSession({ phase: 'held' }), now);
    expect(skipped[0]?.reason).toBe('held');
  });
});

it('releases a seal for those who wait at one and have nothing else pending', () => {
  const rows = [
    aRow('1', { state: 'atSeal', seal: 'Geometry' }),
    aRow('2', { state: 'testing' }),
    aRow('3', {
      state: 'atSeal',
      pendingCommand: {
        id: 'c',
        kind: 'releaseSeal',
        requestedAt: '2026-11-21T09:00:00.000Z',
        overdue: false,
      },
    }),
  ];
  const shown = preview('releaseSeal', rows, { phase: 'open', profile: { pauseLimitMinutes: 20 } }, 0);
  expect(shown.affected.map(({ id }) => id)).toEqual(['1']);
  expect(shown.skipped.map(({ reason }) => reason)).toEqual(['notAtSeal', 'pending']);
  const held = preview('releaseSeal', rows, { phase: 'held', profile: { pauseLimitMinutes: 20 } }, 0);
  expect(held.affected).toEqual([]);
});

it('leaves whoever takes a test that is not proctored out of the lobby, however long the pause was', () => {
  const paused = aRow('1', { state: 'paused', pausedSince: new Date(0).toISOString(), testCode: 'SELF' });
  const session = { phase: 'open' as const, profile: { pauseLimitMinutes: 20 } };
  const tests = [{ code: 'SELF', proctored: false }];
  expect(preview('resume', [paused], session, 3_600_000).throughLobby).toHaveLength(1);
  expect(preview('resume', [paused], { ...session, tests }, 3_600_000).throughLobby).toHaveLength(0);
});
