/** A readable secret in groups that the eye can hold: `K7QM3XPA` → `K7QM-3XPA`. Dashes do not matter where it is typed. */
export function grouped(secret: string): string {
  if (!/^[2-9A-Z]{6,12}$/.test(secret) || secret.length % 2) return secret;
  const half = secret.length / 2;
  return `${secret.slice(0, half)}-${secret.slice(half)}`;
}

/** Where somebody without a camera goes: a join link is too long to type, the join page with the ID is not. */
export function typedAddress(address: string): string {
  const { host } = new URL(address);
  return `${host}/join`;
}

/** The window in the session's own clock: on paper nobody can look anything up. */
export function windowOn(opensAt: string, closesAt: string, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const [from, to] = [new Date(opensAt), new Date(closesAt)];
  const zone = timeZone.replaceAll('_', ' ');
  const [first, last] = [day.format(from), day.format(to)];
  return first === last
    ? `${first}, ${time.format(from)}–${time.format(to)} (${zone})`
    : `${first}, ${time.format(from)} – ${last}, ${time.format(to)} (${zone})`;
}

/** Rows of a page, so that the browser breaks it between rows and never within a ticket. */
export function rowsOf<T>(items: readonly T[], perRow: number): T[][] {
  const rows: T[][] = [];
  for (let at = 0; at < items.length; at += perRow) rows.push(items.slice(at, at + perRow));
  return rows;
}
