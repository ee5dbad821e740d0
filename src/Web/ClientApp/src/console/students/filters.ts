import type { EntryRow, EntryState, PresenceState } from '../../shared/wire';
import { problemOf } from './problem';

/** The chips above the Students region. */
export const filters = ['all', 'problems', 'waiting', 'approved', 'testing', 'paused', 'done'] as const;
export type Filter = (typeof filters)[number];

const statesOf: Record<Exclude<Filter, 'all' | 'problems'>, ReadonlySet<EntryState>> = {
  waiting: new Set(['waiting']),
  approved: new Set(['approved']),
  // Who is entering counts as testing everywhere: in the header, in the list of sessions, when the session closes.
  testing: new Set(['entering', 'testing', 'atSeal', 'interrupted']),
  paused: new Set(['paused']),
  done: new Set(['submitted', 'terminated', 'expired']),
};

function passes(row: EntryRow, filter: Filter, presence: PresenceState | undefined): boolean {
  if (filter === 'all') return true;
  if (filter === 'problems') {
    const problem = problemOf(row, presence);
    return problem !== undefined && problem !== 'lagging';
  }
  return statesOf[filter].has(row.state);
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether every word of the search occurs in the student's names or ID, whatever the accents and case. */
export function matches(row: EntryRow, search: string): boolean {
  const words = plain(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const { givenName, familyName, externalId } = row.student;
  const text = plain(`${givenName} ${familyName} ${externalId ?? ''} ${row.testTitle}`);
  return words.every((word) => text.includes(word));
}

export function filtered(
  rows: readonly EntryRow[],
  filter: Filter,
  search: string,
  presenceOf: (id: string) => PresenceState | undefined,
): EntryRow[] {
  return rows.filter((row) => passes(row, filter, presenceOf(row.id)) && matches(row, search));
}

/** How many rows each chip would show, before the search. */
export function counts(
  rows: Iterable<EntryRow>,
  presenceOf: (id: string) => PresenceState | undefined,
): Record<Filter, number> {
  const count: Record<Filter, number> = {
    all: 0,
    problems: 0,
    waiting: 0,
    approved: 0,
    testing: 0,
    paused: 0,
    done: 0,
  };
  for (const row of rows) {
    const presence = presenceOf(row.id);
    for (const filter of filters) if (passes(row, filter, presence)) count[filter] += 1;
  }
  return count;
}
