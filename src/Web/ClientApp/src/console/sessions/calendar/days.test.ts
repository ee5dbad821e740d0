import { describe, expect, it } from 'vitest';
import type { SessionListRow } from '../../../shared/wire';
import { addMonths, dayOf, monthOf, placed, startOf, weekOf } from './days';

function session(id: string, opensAt: string, closesAt: string): SessionListRow {
  return {
    id,
    name: id,
    mode: 'remote',
    timeZone: 'UTC',
    opensAt,
    closesAt,
    phase: 'scheduled',
    joinId: 'K7QM-3XPA',
    startMode: 'automatic',
    simulated: false,
    version: 1,
    proctorIds: [],
  };
}

const hours = (from: number, to: number) => (to - from) / 3_600_000;

describe('the calendar', () => {
  it('has weeks from Monday to Sunday, across years', () => {
    expect(weekOf('2027-01-01')[0]).toBe('2026-12-28');
    expect(weekOf('2026-11-22')).toContain('2026-11-16');
    expect(weekOf('2026-11-16')[6]).toBe('2026-11-22');
  });

  it('has months of whole weeks', () => {
    const november = monthOf('2026-11-21');
    expect(november).toHaveLength(42);
    expect([november[0], november.at(-1)]).toEqual(['2026-10-26', '2026-12-06']);
    expect(monthOf('2027-02-10')).toHaveLength(28);
    expect(addMonths('2026-10-31', 1)).toBe('2026-11-30');
    expect(addMonths('2027-03-31', -1)).toBe('2027-02-28');
  });

  it('has days of 23 and of 25 hours where the clocks change', () => {
    const zone = 'Europe/Madrid';
    expect(hours(startOf('2026-03-29', zone), startOf('2026-03-30', zone))).toBe(23);
    expect(hours(startOf('2026-10-25', zone), startOf('2026-10-26', zone))).toBe(25);
    // In Beirut the clocks jump over midnight itself: the day begins at one.
    expect(new Date(startOf('2026-03-29', 'Asia/Beirut')).toISOString()).toBe('2026-03-28T22:00:00.000Z');
    expect(hours(startOf('2026-03-29', 'Asia/Beirut'), startOf('2026-03-30', 'Asia/Beirut'))).toBe(23);
  });

  it('puts a session on the day on which it falls in the zone that is looked from', () => {
    const late = session('late', '2026-11-21T23:30:00.000Z', '2026-11-22T00:30:00.000Z');
    const on = (zone: string) =>
      [...placed([late], weekOf('2026-11-21'), zone)]
        .filter(([, rows]) => rows.length > 0)
        .map(([day]) => day);
    expect(on('UTC')).toEqual(['2026-11-21', '2026-11-22']);
    expect(on('Europe/Madrid')).toEqual(['2026-11-22']);
    expect(on('America/New_York')).toEqual(['2026-11-21']);
    expect(dayOf(Date.parse(late.opensAt), 'Asia/Tokyo')).toBe('2026-11-22');
  });

  it('keeps the hours of a day on which the clocks go back on that day', () => {
    const zone = 'Europe/Madrid';
    const night = session('night', '2026-10-25T21:30:00.000Z', '2026-10-25T23:00:00.000Z');
    const days = placed([night], weekOf('2026-10-25'), zone);
    expect(days.get('2026-10-25')).toMatchObject([{ opens: true, closes: true }]);
  });

  it('shows a long session on each of its days, and says where it opens and closes', () => {
    const long = session('long', '2026-11-14T09:00:00.000Z', '2026-11-18T00:00:00.000Z');
    const days = placed([long], weekOf('2026-11-16'), 'UTC');
    expect(days.get('2026-11-16')).toMatchObject([{ opens: false, closes: false }]);
    expect(days.get('2026-11-17')).toMatchObject([{ opens: false, closes: true }]);
    expect(days.get('2026-11-18')).toEqual([]);
  });
});
