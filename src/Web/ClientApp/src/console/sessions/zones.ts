/**
 * Wall-clock times of an IANA zone and the instants they mean.
 *
 * A local time is the text of `<input type="datetime-local">` (`2026-03-29T02:30`), an instant is milliseconds since
 * 1970 in UTC. Only `Intl` knows the zones' rules, so nothing here goes out of date with them.
 */

export type LocalInstant =
  /** The zone shows this time exactly once. */
  | { kind: 'exact'; at: number }
  /** Clocks go back over it: it happens twice, `at` is the first and `second` the other. */
  | { kind: 'repeated'; at: number; second: number }
  /** Clocks jump over it: it never happens; `at` is where the same distance after the jump lands. */
  | { kind: 'skipped'; at: number }
  /** Not a date and time at all. */
  | { kind: 'unreadable' };

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let known = formats.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, known);
  }
  return known;
}

/** The wall clock of the zone at an instant, as if it were UTC, in milliseconds (whole seconds). */
function wall(at: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format(zone).formatToParts(at)) part[type] = Number(value);
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
}

/** What the clocks of `zone` showed at the instant, as `datetime-local` text without seconds. */
export function toLocal(at: number, zone: string): string {
  return new Date(wall(at, zone)).toISOString().slice(0, 16);
}

/** The instant at which the clocks of `zone` show `local`. */
export function fromLocal(local: string, zone: string): LocalInstant {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(local)) return { kind: 'unreadable' };
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted) || !new Date(wanted).toISOString().startsWith(local))
    return { kind: 'unreadable' };

  // A zone's offset changes at most once within a day of any change, so the offsets a day either side are all that
  // can apply.
  const day = 86_400_000;
  const before = wall(wanted - day, zone) - (wanted - day);
  const after = wall(wanted + day, zone) - (wanted + day);
  const hits = [...new Set([wanted - before, wanted - after])]
    .filter((at) => wall(at, zone) === wanted)
    .sort((a, b) => a - b);
  const [first, second] = hits;
  if (first === undefined) return { kind: 'skipped', at: wanted - before };
  return second === undefined ? { kind: 'exact', at: first } : { kind: 'repeated', at: first, second };
}

/** How a time is written in a form: `31/12/26 09:00`. */
export function entered(local: string): string {
  const [, year, month, day, time] = /^\d\d(\d\d)-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(local) ?? [];
  return year ? `${day}/${month}/${year} ${time}` : local;
}

/**
 * The instant that somebody typed, in the zone of the form: `31/12/26 09:00`, `31/12/2026 9:00`, `2026-12-31 09:00`, or
 * ISO 8601 with its own offset, which says on a day when a time comes twice which of the two is meant.
 */
export function readTime(text: string, zone: string): LocalInstant {
  const typed = text.trim();
  const [, day, month, year, hour, minute] =
    /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})[ T]+(\d{1,2}):(\d{2})$/.exec(typed) ?? [];
  if (year) {
    const two = (part = '') => part.padStart(2, '0');
    return fromLocal(`${year.padStart(4, '20')}-${two(month)}-${two(day)}T${two(hour)}:${minute}`, zone);
  }
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(typed)) {
    const at = Date.parse(typed);
    return Number.isNaN(at) ? { kind: 'unreadable' } : { kind: 'exact', at };
  }
  return fromLocal(typed.replace(' ', 'T'), zone);
}

/** A short name of the zone at an instant, such as `GMT+9`. */
export function zoneName(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

/** The zone of this browser. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** Every zone this browser knows, its own first. */
export function zones(own = ownZone()): string[] {
  const all = new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')]);
  return [...all];
}

/** `2026-11-21 09:00`-like text in the session's zone, for reading: day and time, year only when not this one. */
export function shownIn(at: number, zone: string, now: number): string {
  const sameYear = toLocal(at, zone).slice(0, 4) === toLocal(now, zone).slice(0, 4);
  const day = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
  const time = toLocal(at, zone).slice(11);
  return `${day}, ${time}`;
}
