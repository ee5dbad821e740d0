import type { EntryRow, EntryState, PresenceState } from '../../shared/wire';
import { problemOf, problems } from './problem';

/** Those at the test first, then those about to be, then those who are done. */
const stateRank: Record<EntryState, number> = {
  paused: 0,
  atSeal: 1,
  testing: 2,
  entering: 3,
  interrupted: 3,
  approved: 4,
  waiting: 5,
  denied: 6,
  submitted: 7,
  terminated: 8,
  expired: 9,
  withdrawn: 10,
  noShow: 11,
  moved: 12,
  removed: 13,
};

const byName = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

function problemRank(row: EntryRow, presence: PresenceState | undefined): number {
  const problem = problemOf(row, presence);
  // Lagging comes and goes within seconds: letting it move rows would make the list jump under the pointer.
  return problem === undefined || problem === 'lagging' ? problems.length : problems.indexOf(problem);
}

/** The family name first, as a register is read. */
export function nameOf(row: EntryRow): string {
  const { familyName, givenName } = row.student;
  return familyName && givenName ? `${familyName}, ${givenName}` : familyName || givenName;
}

/** The order of the Students region: problems, then by state, then by name; ties by arrival, so nothing flickers. */
export function inOrder(
  rows: Iterable<EntryRow>,
  presenceOf: (id: string) => PresenceState | undefined,
): EntryRow[] {
  return Array.from(rows, (row) => ({
    row,
    problem: problemRank(row, presenceOf(row.id)),
    name: nameOf(row),
  }))
    .sort(
      (a, b) =>
        a.problem - b.problem ||
        stateRank[a.row.state] - stateRank[b.row.state] ||
        byName.compare(a.name, b.name) ||
        a.row.arrival - b.row.arrival,
    )
    .map(({ row }) => row);
}
