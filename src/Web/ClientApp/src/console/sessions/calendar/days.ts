import type { SessionListRow } from '../../../shared/wire';
import { fromLocal, toLocal } from '../zones';

/** A day of a calendar, as `2026-11-21`: what a date is called, whatever the zone. */
export type Day = string;

/** The day on which an instant falls in the zone. */
export function dayOf(at: number, zone: string): Day {
  return toLocal(at, zone).slice(0, 10);
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The same day of another month, or its last where it has no such day. */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** Monday to Sunday around the day. */
export function weekOf(day: Day): Day[] {
  const monday = addDays(day, -((new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7));
  return Array.from({ length: 7 }, (_, index) => addDays(monday, index));
}

/** The whole weeks that hold the day's month. */
export function monthOf(day: Day): Day[] {
  const first = `${day.slice(0, 7)}-01`;
  const last = addDays(addMonths(first, 1), -1);
  const end = weekOf(last)[6] as Day;
  const days: Day[] = [];
  for (let next = weekOf(first)[0] as Day; next <= end; next = addDays(next, 1)) days.push(next);
  return days;
}

/** The instant at which a day begins in the zone. Where the clocks jump over midnight it begins as they land. */
export function startOf(day: Day, zone: string): number {
  const midnight = fromLocal(`${day}T00:00`, zone);
  return midnight.kind === 'unreadable' ? Number.NaN : midnight.at;
}

/** What of a session a day shows. */
export interface Placed {
  row: SessionListRow;
  /** The session opens on this day. */
  opens: boolean;
  /** The session closes on this day. */
  closes: boolean;
}

/** The sessions of each day, in the order of their opening. A window that ends as a day begins does not touch that day. */
export function placed(
  rows: readonly SessionListRow[],
  days: readonly Day[],
  zone: string,
): Map<Day, Placed[]> {
  const starts = days.map((day) => startOf(day, zone));
  const end = startOf(addDays(days.at(-1) ?? '1970-01-01', 1), zone);
  const byDay = new Map<Day, Placed[]>(days.map((day) => [day, []]));
  const ordered = rows
    .map((row) => ({ row, from: Date.parse(row.opensAt), to: Date.parse(row.closesAt) }))
    .sort((a, b) => a.from - b.from || (a.row.name < b.row.name ? -1 : 1));
  for (const { row, from, to } of ordered)
    days.forEach((day, index) => {
      const begin = starts[index] as number;
      const next = starts[index + 1] ?? end;
      if (to <= begin || from >= next) return;
      byDay.get(day)?.push({ row, opens: from >= begin, closes: to <= next });
    });
  return byDay;
}
