import { beforeEach, describe, expect, it, vi } from 'vitest';
import { offline, ProblemError } from '../../shared/problems';
import type { CommandResults, EntryRow } from '../../shared/wire';
import { aRow } from '../aRow.fixture';
import { toasts } from '../shell/toasts';

const invoke = vi.hoisted(() => vi.fn());
vi.mock('../hub', () => ({ client: { invoke, clock: { now: () => Date.parse('2026-11-21T10:00:02Z') } } }));

import { Decisions } from './decisions';

/** Decisions over rows that a test changes as the feed would. */
function deciding(...rows: EntryRow[]) {
  const entries = new Map(rows.map((row) => [row.id, row]));
  return { decisions: new Decisions('s1', (id) => entries.get(id)), entries, rows };
}

const answers = (...results: CommandResults['results']) => invoke.mockResolvedValueOnce({ results });

beforeEach(() => {
  invoke.mockReset();
  toasts.value = [];
});

describe('a decision', () => {
  it('is sent for exactly the rows and versions given', async () => {
    const { decisions } = deciding();
    answers();
    await decisions.decide('approve', [aRow('1', { version: 7 }), aRow('2', { version: 3 })]);
    expect(invoke).toHaveBeenCalledWith('Approve', 's1', {
      entries: [
        { id: '1', version: 7 },
        { id: '2', version: 3 },
      ],
    });
  });

  it('shows as being sent until the feed brings another version, even when it was accepted', async () => {
    const row = aRow('1', { version: 7 });
    const { decisions } = deciding(row);
    answers({ id: '1', outcome: 'approved', version: 8 });
    await decisions.decide('approve', [row]);
    expect(decisions.isSending(row)).toBe(true);
    expect(decisions.isSending({ ...row, version: 8 })).toBe(false);
  });

  it('is not sent twice for the same version', async () => {
    const row = aRow('1');
    const { decisions } = deciding(row);
    answers({ id: '1', outcome: 'approved', version: 2 });
    await Promise.all([decisions.decide('approve', [row]), decisions.decide('approve', [row])]);
    expect(invoke).toHaveBeenCalledTimes(1);
  });

  it('that another made first names them', async () => {
    const row = aRow('1', { student: { givenName: 'Bruno', familyName: 'Silva' } });
    const { decisions, entries } = deciding(row);
    const decision = {
      outcome: 'denied',
      by: { id: 'm', name: 'Mara' },
      at: '2026-11-21T10:00:00.000Z',
    } as const;
    entries.set('1', { ...row, version: 2, state: 'denied', decision });
    answers({ id: '1', outcome: 'alreadyDecided', version: 2, by: decision.by, at: decision.at });
    await decisions.decide('approve', [row]);
    expect(decisions.isSending(row)).toBe(false);
    expect(decisions.notices.value).toEqual([
      { id: '1', name: 'Silva, Bruno', text: 'Mara decided first: denied 2 s ago' },
    ]);
  });

  it('that found the row changed leaves it open, with the reason beside it', async () => {
    const row = aRow('1');
    const { decisions } = deciding(row);
    answers({ id: '1', outcome: 'stale', version: 2 });
    await decisions.decide('approve', [row]);
    expect(decisions.isSending(row)).toBe(false);
    expect(decisions.noteOf({ ...row, version: 2 })).toContain('Changed since');
  });

  it('whose answer was lost is called not confirmed, never done', async () => {
    const row = aRow('1');
    const { decisions } = deciding(row);
    invoke.mockRejectedValueOnce(new ProblemError(offline));
    await decisions.decide('approve', [row]);
    expect(decisions.isSending(row)).toBe(false);
    expect(decisions.noteOf(row)).toContain('Not confirmed');
    expect(toasts.value).toEqual([]);
  });

  it('can be undone by taking back exactly what was approved', async () => {
    const rows = [aRow('1'), aRow('2')];
    const { decisions } = deciding(...rows);
    answers({ id: '1', outcome: 'approved', version: 2 }, { id: '2', outcome: 'full', version: 1 });
    await decisions.decide('approve', rows);
    answers({ id: '1', outcome: 'revoked', version: 3 });
    toasts.value[0]?.action?.run();
    await vi.waitFor(() => expect(invoke).toHaveBeenCalledTimes(2));
    expect(invoke).toHaveBeenLastCalledWith('Revoke', 's1', { entries: [{ id: '1', version: 2 }] });
  });
});
