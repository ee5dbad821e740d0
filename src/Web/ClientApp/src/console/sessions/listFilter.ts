import type { SessionListRow, SessionPhase } from '../../shared/wire';

/** The columns of the list. */
export const columns = [
  'name',
  'phase',
  'opensAt',
  'closesAt',
  'joinId',
  'mode',
  'waiting',
  'testing',
  'done',
] as const;
export type Column = (typeof columns)[number];

/** The columns by which the server sorts; pages would not fit together sorted by any other. */
export const sortable = ['name', 'phase', 'opensAt', 'closesAt', 'mode'] as const;
export type SortColumn = (typeof sortable)[number];

export const phases: readonly SessionPhase[] = [
  'scheduled',
  'lobbyOpen',
  'open',
  'held',
  'draining',
  'closed',
  'cancelled',
];

/** What the list shows and in which order. It lives in the address (product.md section 3). */
export interface ListFilter {
  search: string;
  hidePast: boolean;
  showOld: boolean;
  phase: SessionPhase | null;
  sort: SortColumn;
  descending: boolean;
}

export const noFilter: ListFilter = {
  search: '',
  hidePast: false,
  showOld: false,
  phase: null,
  sort: 'name',
  descending: false,
};

export function isFiltered(filter: ListFilter): boolean {
  return filter.search !== '' || filter.hidePast || filter.phase !== null;
}

/** Reads the query of the page's address or of a call; what it does not know is left out. */
export function readFilter(query: URLSearchParams): ListFilter {
  const sort = query.get('sort') ?? '';
  const column = sortable.find((known) => known === sort.replace(/^-/, ''));
  return {
    search: query.get('search') ?? '',
    hidePast: query.get('hidePast') === 'true',
    showOld: query.get('showOld') === 'true',
    phase: phases.find((known) => known === query.get('phase')) ?? null,
    sort: column ?? 'name',
    descending: column !== undefined && sort.startsWith('-'),
  };
}

/** The query of a filter, without what is the default anyway. The same names serve the page and the REST call. */
export function writeFilter(filter: ListFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (filter.search) query.set('search', filter.search);
  if (filter.hidePast) query.set('hidePast', 'true');
  if (filter.showOld) query.set('showOld', 'true');
  if (filter.phase) query.set('phase', filter.phase);
  if (filter.sort !== 'name' || filter.descending)
    query.set('sort', `${filter.descending ? '-' : ''}${filter.sort}`);
  return query;
}

const past = 92 * 86_400_000;
const plain = (text: string) => text.toLowerCase().replaceAll('-', '');

/** Whether a row that the feed brought belongs into the list as it is filtered now. A rehearsal that is over is gone. */
export function belongs(row: SessionListRow, filter: ListFilter, now: number): boolean {
  const over = row.phase === 'closed' || row.phase === 'cancelled';
  if (filter.hidePast && over) return false;
  if (row.simulated && over) return false;
  if (!filter.showOld && Date.parse(row.closesAt) < now - past) return false;
  if (filter.phase && row.phase !== filter.phase) return false;
  const search = plain(filter.search.trim());
  return [row.name, row.joinId, row.code ?? ''].some((text) => plain(text).includes(search));
}

const byText = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

function compareBy(column: SortColumn, a: SessionListRow, b: SessionListRow): number {
  switch (column) {
    case 'opensAt':
    case 'closesAt':
      return Date.parse(a[column]) - Date.parse(b[column]);
    case 'name':
      return byText.compare(a.name, b.name);
    default:
      return a[column] < b[column] ? -1 : a[column] > b[column] ? 1 : 0;
  }
}

/** The order of the list; the ID breaks ties so that rows keep their place. */
export function inListOrder(rows: Iterable<SessionListRow>, filter: ListFilter): SessionListRow[] {
  const sign = filter.descending ? -1 : 1;
  return [...rows].sort(
    (a, b) => sign * compareBy(filter.sort, a, b) || byText.compare(a.name, b.name) || (a.id < b.id ? -1 : 1),
  );
}

/**
 * The pages read so far and what the feed said since: of two versions of a row the higher one counts, and a row
 * removed at a version as high stays away. While pages are left to read, a row beyond the last one read waits for its
 * page: shown now, it would stand beside rows that are not its neighbours.
 */
export function merged(
  paged: Iterable<SessionListRow>,
  live: ReadonlyMap<string, SessionListRow>,
  removed: ReadonlyMap<string, number>,
  filter: ListFilter,
  now: number,
  complete: boolean,
): SessionListRow[] {
  const rows = new Map<string, SessionListRow>();
  for (const row of [...paged, ...live.values()]) {
    const known = rows.get(row.id);
    if (!known) rows.set(row.id, row);
    // What an event does not carry is still as it was read.
    else if (row.version > known.version)
      rows.set(row.id, { ...row, counts: row.counts ?? known.counts ?? null });
  }
  for (const [id, version] of removed) if ((rows.get(id)?.version ?? 0) <= version) rows.delete(id);
  const all = inListOrder(
    [...rows.values()].filter((row) => belongs(row, filter, now)),
    filter,
  );
  if (complete) return all;
  const read = new Set(Array.from(paged, (row) => row.id));
  return all.slice(0, all.findLastIndex((row) => read.has(row.id)) + 1);
}
