import { describe, expect, it } from 'vitest';
import type { PresenceState } from '../../shared/wire';
import { aRow } from '../aRow.fixture';
import { inOrder, nameOf } from './order';

const pending = { id: 'c', kind: 'pause', requestedAt: '2026-11-21T09:00:00.000Z' } as const;

function orderOf(rows: ReturnType<typeof aRow>[], presence: Record<string, PresenceState> = {}): string[] {
  return inOrder(rows, (id) => presence[id]).map(({ id }) => id);
}

describe('the order of the students', () => {
  it('puts problems on top, the worst first', () => {
    const rows = [
      aRow('1', { state: 'testing' }),
      aRow('2', { state: 'testing', handRaised: true }),
      aRow('3', { state: 'testing' }),
      aRow('4', { state: 'interrupted' }),
      aRow('5', { state: 'testing', pendingCommand: { ...pending, overdue: true } }),
    ];
    expect(orderOf(rows, { 3: 'lost' })).toEqual(['5', '4', '3', '2', '1']);
  });

  it('does not move a row because it lags for a moment', () => {
    const rows = [aRow('1', { state: 'testing' }), aRow('2', { state: 'testing' })];
    expect(orderOf(rows, { 2: 'lagging' })).toEqual(['1', '2']);
  });

  it('does not call somebody lost who is not at the test', () => {
    const rows = [aRow('1', { state: 'submitted' }), aRow('2', { state: 'testing' })];
    expect(orderOf(rows, { 1: 'lost', 2: 'online' })).toEqual(['2', '1']);
  });

  it('forgets the hand of a student who is done', () => {
    const rows = [aRow('1', { state: 'submitted', handRaised: true }), aRow('2', { state: 'testing' })];
    expect(orderOf(rows)).toEqual(['2', '1']);
  });

  it('goes by family name within a state, whatever the accents and case, then by arrival', () => {
    const named = (id: string, familyName: string) => aRow(id, { student: { givenName: 'A', familyName } });
    const rows = [named('1', 'zamora'), named('2', 'Álvarez'), named('3', 'Alvarez'), named('4', 'Brandt')];
    expect(orderOf(rows)).toEqual(['2', '3', '4', '1']);
  });

  it('names a guest who has one name only', () => {
    expect(nameOf(aRow('1', { student: { givenName: 'Kim', familyName: '' } }))).toBe('Kim');
    expect(nameOf(aRow('1', { student: { givenName: 'Kim', familyName: 'Lee' } }))).toBe('Lee, Kim');
  });
});
