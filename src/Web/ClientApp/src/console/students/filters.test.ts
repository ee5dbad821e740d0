import { describe, expect, it } from 'vitest';
import { aRow } from '../aRow.fixture';
import { counts, filtered, matches } from './filters';

const nobodySeen = () => undefined;

describe('the filters of the students', () => {
  const rows = [
    aRow('1', { state: 'waiting' }),
    aRow('2', { state: 'testing' }),
    aRow('3', { state: 'atSeal' }),
    aRow('4', { state: 'paused' }),
    aRow('5', { state: 'submitted' }),
    aRow('6', { state: 'denied' }),
    aRow('7', { state: 'entering' }),
    aRow('8', { state: 'approved' }),
  ];

  it('count what each would show', () => {
    expect(counts(rows, nobodySeen)).toEqual({
      all: 8,
      problems: 1,
      waiting: 1,
      approved: 1,
      testing: 3,
      paused: 1,
      done: 1,
    });
  });

  it('show exactly what they counted', () => {
    const presenceOf = (id: string) => (id === '2' ? ('lost' as const) : undefined);
    const counted = counts(rows, presenceOf);
    for (const filter of ['all', 'problems', 'waiting', 'testing', 'paused', 'done'] as const)
      expect(filtered(rows, filter, '', presenceOf)).toHaveLength(counted[filter]);
  });

  it('find names without accents, in any order, and IDs', () => {
    const row = aRow('1', { student: { givenName: 'Lucía', familyName: 'Nováková', externalId: 'S1002' } });
    for (const search of ['lucia', 'novak LUC', 's1002', ' ']) expect(matches(row, search)).toBe(true);
    expect(matches(row, 'lucia garcia')).toBe(false);
  });
});
