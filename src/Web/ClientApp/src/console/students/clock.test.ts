import { describe, expect, it } from 'vitest';
import { aRow } from '../aRow.fixture';
import { secondsLeft, secondsPaused } from './clock';

const now = Date.parse('2026-11-21T10:00:00Z');

describe('the clock of a test', () => {
  it('runs while the test runs', () => {
    const row = aRow('1', {
      allowedSeconds: 600,
      usedSeconds: 100,
      runningSince: '2026-11-21T09:59:00.000Z',
    });
    expect(secondsLeft(row, now)).toBe(440);
  });

  it('stands still in a pause, while the pause grows', () => {
    const row = aRow('1', { usedSeconds: 100, pausedSeconds: 30, pausedSince: '2026-11-21T09:59:00.000Z' });
    expect(secondsLeft(row, now)).toBe(3500);
    expect(secondsPaused(row, now)).toBe(90);
  });
});
