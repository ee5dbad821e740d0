import type { SessionListRow, SessionPhase } from '../../shared/wire';

/** The columns of the list; the server sorts by each of them. */
export const columns = [
  'name',
  'phase',
  'opensAt',
  'closesAt',
  'code',
  'joinId',
  'mode',
  'waiting',
  'testing',
  'done',
] as const;
export type SortColumn = (typeof columns)[number];

export const phases: readonly SessionPhase[] = [
  'scheduled',
  'lobbyOpen',
  'open',
  'held',
  'draining',
  'closed',
  'cancelled',
];

export const views = ['list', 'week', 'month'] as const;
export type View = (typeof views)[number];

/** What the list shows and in which order. It lives in the address (product.md section 3). */
export interface ListFilter {
  search: string;
  hidePast: boolean;
  showOld: boolean;
  /** Empty for every phase. */
  phases: readonly SessionPhase[];
  /** A staff id, or `me`; empty for everybody's. */
  proctor: string;
  sort: SortColumn;
  descending: boolean;
  view: View;
  /** The day that the calendar shows, as `2026-11-21`; empty for today. */
  day: string;
  /** The zone of the calendar's days; empty for the browser's own. */
  zone: string;
}

export const noFilter: ListFilter = {
  search: '',
  hidePast: false,
  showOld: false,
  phases: [],
  proctor: '',
  sort: 'name',
  descending: false,
  view: 'list',
  day: '',
  zone: '',
};

/** Takes the filter off and leaves the view, the order and the day. */
export const unfiltered: Partial<ListFilter> = { search: '', hidePast: false, phases: [], proctor: '' };

export function isFiltered(filter: ListFilter): boolean {
  return filter.search !== '' || filter.hidePast || filter.phases.length > 0 || filter.proctor !== '';
}

/** Reads the query of the page's address; what it does not know is left out. */
export function readFilter(query: URLSearchParams): ListFilter {
  const sort = query.get('sort') ?? '';
  const column = columns.find((known) => known === sort.replace(/^-/, ''));
  const wanted = (query.get('phase') ?? '').split(',');
  const day = query.get('day') ?? '';
  return {
    search: query.get('search') ?? '',
    hidePast: query.get('hidePast') === 'true',
    showOld: query.get('showOld') === 'true',
    phases: phases.filter((known) => wanted.includes(known)),
    proctor: query.get('proctor') ?? '',
    sort: column ?? 'name',
    descending: column !== undefined && sort.startsWith('-'),
    view: views.find((known) => known === query.get('view')) ?? 'list',
    day: isDay(day) ? day : '',
    zone: query.get('zone') ?? '',
  };
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00Z`).toJSON()?.startsWith(text) === true;
}

/** The query of a REST call for the filter, without what is the default anyway. */
export function queryOf(filter: ListFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (filter.search) query.set('search', filter.search);
  if (filter.hidePast) query.set('hidePast', 'true');
  if (filter.showOld) query.set('showOld', 'true');
  if (filter.phases.length > 0) query.set('phase', filter.phases.join(','));
  if (filter.proctor) query.set('proctor', filter.proctor);
  if (filter.sort !== 'name' || filter.descending)
    query.set('sort', `${filter.descending ? '-' : ''}${filter.sort}`);
  return query;
}

/** The query of the page's address: the same names as in the call, and what only the page knows. */
export function writeFilter(filter: ListFilter): URLSearchParams {
  const query = queryOf(filter);
  if (filter.view !== 'list') query.set('view', filter.view);
  if (filter.day) query.set('day', filter.day);
  if (filter.zone) query.set('zone', filter.zone);
  return query;
}

const past = 92 * 86_400_000;
const plain = (text: string) => text.toUpperCase();
const undashed = (text: string) => plain(text).replaceAll('-', '');

/** Whether a row that the feed brought belongs into the list as it is filtered now. A rehearsal that is over is gone. */
export function belongs(row: SessionListRow, filter: ListFilter, now: number, me: string): boolean {
  const over = row.phase === 'closed' || row.phase === 'cancelled';
  if (filter.hidePast && over) return false;
  if (row.simulated && over) return false;
  if (!filter.showOld && over && Date.parse(row.closesAt) < now - past) return false;
  if (filter.phases.length > 0 && !filter.phases.includes(row.phase)) return false;
  if (filter.proctor && !row.proctorIds.includes(filter.proctor === 'me' ? me : filter.proctor)) return false;
  const search = plain(filter.search.trim());
  if ([row.name, row.code ?? ''].some((text) => plain(text).includes(search))) return true;
  const joinId = undashed(search);
  return joinId !== '' && undashed(row.joinId).includes(joinId);
}

/** As the server orders texts: in upper case, character by character. */
function byText(a: string, b: string): number {
  const [one, other] = [plain(a), plain(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function compareBy(column: SortColumn, a: SessionListRow, b: SessionListRow): number {
  switch (column) {
    case 'opensAt':
    case 'closesAt':
      return Date.parse(a[column]) - Date.parse(b[column]);
    case 'phase':
      return phases.indexOf(a.phase) - phases.indexOf(b.phase);
    case 'waiting':
      return count(a, 'waiting', b) || count(a, 'testing', b) || count(a, 'done', b);
    case 'testing':
    case 'done':
      return count(a, column, b);
    default:
      return byText(a[column] ?? '', b[column] ?? '');
  }
}

function count(a: SessionListRow, which: 'waiting' | 'testing' | 'done', b: SessionListRow): number {
  return (a.counts?.[which] ?? 0) - (b.counts?.[which] ?? 0);
}

/** The server's order, so that pages fit together; the ID breaks ties. */
export function inListOrder(rows: Iterable<SessionListRow>, filter: ListFilter): SessionListRow[] {
  const sign = filter.descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * (compareBy(filter.sort, a, b) || (a.id < b.id ? -1 : 1)));
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
  me = '',
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
    [...rows.values()].filter((row) => belongs(row, filter, now, me)),
    filter,
  );
  if (complete) return all;
  const read = new Set(Array.from(paged, (row) => row.id));
  return all.slice(0, all.findLastIndex((row) => read.has(row.id)) + 1);
}
