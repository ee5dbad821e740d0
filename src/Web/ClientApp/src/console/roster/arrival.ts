import type { EntryRow, Registration } from '../../shared/wire';

/** Whether a registered student has come yet, is here, or is through. */
export type Arrival = 'missing' | 'arrived' | 'done';

const through = ['submitted', 'terminated', 'expired'];
const gone = ['noShow', 'moved', 'removed', 'withdrawn'];

export function arrivalOf(registration: Registration, entries: ReadonlyMap<string, EntryRow>): Arrival {
  const entry = registration.entryId ? entries.get(registration.entryId) : undefined;
  if (registration.status === 'completed' || (entry && through.includes(entry.state))) return 'done';
  return entry && !gone.includes(entry.state) ? 'arrived' : 'missing';
}

export function arrivals(
  registrations: readonly Registration[],
  entries: ReadonlyMap<string, EntryRow>,
): Record<Arrival, number> {
  const counts = { missing: 0, arrived: 0, done: 0 };
  for (const registration of registrations) counts[arrivalOf(registration, entries)] += 1;
  return counts;
}
