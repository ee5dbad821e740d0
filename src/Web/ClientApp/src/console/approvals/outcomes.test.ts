import { describe, expect, it } from 'vitest';
import { aRow } from '../aRow.fixture';
import { decidedFirst, outcomeText, wentThrough } from './outcomes';

const now = Date.parse('2026-11-21T10:00:02Z');
const mara = { id: 'p2', name: 'Mara' };

describe('what became of a decision', () => {
  it('says who was first, what they decided and when', () => {
    const row = aRow('1', {
      state: 'approved',
      decision: { outcome: 'approved', by: mara, at: '2026-11-21T10:00:00.000Z' },
    });
    const result = {
      id: '1',
      outcome: 'alreadyDecided',
      version: 2,
      by: mara,
      at: '2026-11-21T10:00:00.000Z',
    } as const;
    expect(decidedFirst(result, row, now)).toBe('Mara decided first: approved 2 s ago');
  });

  it('does not invent what was decided when the row is not known yet', () => {
    const result = { id: '1', outcome: 'alreadyDecided', version: 2, by: mara } as const;
    expect(decidedFirst(result, undefined, now)).toBe('Mara decided first: decided');
  });

  it('gives the server’s own words where it refused', () => {
    const refused = { id: '1', outcome: 'refused', version: 2, detail: 'Not now.' } as const;
    expect(outcomeText(refused, now)).toBe('Not now.');
    expect(wentThrough(refused)).toBe(false);
    expect(wentThrough({ ...refused, outcome: 'requested' })).toBe(true);
  });
});
