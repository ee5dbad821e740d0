import { describe, expect, it } from 'vitest';
import { grouped, rowsOf, typedAddress, windowOn } from './printing';

describe('what stands on paper', () => {
  it('groups generated secrets and leaves chosen ones as they are', () => {
    expect(grouped('K7QM3XPA')).toBe('K7QM-3XPA');
    expect(grouped('ABCDE23456')).toBe('ABCDE-23456');
    expect(grouped('willow-42')).toBe('willow-42');
    expect(grouped('Blue sky')).toBe('Blue sky');
  });

  it('says the window in the clock of the session, also across midnight and the change of clocks', () => {
    expect(windowOn('2026-11-21T09:00:00Z', '2026-11-21T11:00:00Z', 'Europe/Paris')).toBe(
      'Sat, 21 November 2026, 10:00–12:00 (Europe/Paris)',
    );
    expect(windowOn('2026-11-21T22:30:00Z', '2026-11-22T00:30:00Z', 'Europe/Paris')).toContain(
      '23:30 – Sun, 22 November 2026, 01:30',
    );
    expect(windowOn('2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', 'Europe/Paris')).toContain('02:30–02:30');
  });

  it('fills rows and leaves the last one short', () => {
    expect(rowsOf([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
    expect(rowsOf([], 2)).toEqual([]);
    expect(typedAddress('https://proctor.example/j/a-long-secret')).toBe('proctor.example/join');
  });
});
