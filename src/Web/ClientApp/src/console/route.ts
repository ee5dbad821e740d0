import { computed, signal } from '@preact/signals';
import { type ListFilter, readFilter, writeFilter } from './sessions/listFilter';

/** The regions of a session's page. */
export const tabs = ['approvals', 'students', 'roster', 'activity', 'report'] as const;
export type Tab = (typeof tabs)[number];

/** The manager's pages. */
export const desks = [
  'students',
  'groups',
  'registrations',
  'credits',
  'tests',
  'profiles',
  'imports',
  'mail',
] as const;
export type Desk = (typeof desks)[number];

/** The pages that are made to be printed, of one session. */
export const sheets = ['tickets', 'sealCodes'] as const;
export type Sheet = (typeof sheets)[number];

/** What a page keeps in the address beside its name: filters, an open row. Empty values are left out. */
export type Query = Readonly<Record<string, string>>;

export type Route =
  | { page: 'list'; filter: ListFilter }
  | { page: 'session'; id: string; tab: Tab }
  | { page: 'desk'; desk: Desk; query: Query }
  | { page: 'sheet'; sheet: Sheet; of: string; query: Query };

/** Everything that a person may want to share or come back to stands in the address, in its query. */
export function readRoute(search: string): Route {
  const query = new URLSearchParams(search);
  const id = query.get('session');
  const named = query.get('page');
  const { page, of = '', ...rest } = Object.fromEntries(query);
  const desk = desks.find((known) => known === named);
  if (desk) return { page: 'desk', desk, query: of ? { of, ...rest } : rest };
  const sheet = sheets.find((known) => known === named);
  if (sheet && of) return { page: 'sheet', sheet, of, query: rest };
  if (!id) return { page: 'list', filter: readFilter(query) };
  const tab = tabs.find((known) => known === query.get('tab')) ?? 'approvals';
  return { page: 'session', id, tab };
}

export function writeRoute(route: Route): string {
  const text = queryOf(route).toString();
  return text ? `/?${text}` : '/';
}

function queryOf(route: Route): URLSearchParams {
  switch (route.page) {
    case 'list':
      return writeFilter(route.filter);
    case 'session':
      return new URLSearchParams({
        session: route.id,
        ...(route.tab === 'approvals' ? {} : { tab: route.tab }),
      });
    case 'desk':
      return new URLSearchParams({ page: route.desk, ...filled(route.query) });
    case 'sheet':
      return new URLSearchParams({ page: route.sheet, of: route.of, ...filled(route.query) });
  }
}

function filled(query: Query): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}

const search = signal(typeof location === 'undefined' ? '' : location.search);

export const route = computed(() => readRoute(search.value));

/** Goes to a page; `replace` for changes that Back should not step through, such as a letter more in the search. */
export function go(to: Route, replace = false): void {
  const address = writeRoute(to);
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  search.value = location.search;
}

/** Follows the browser's Back and Forward. */
export function followHistory(): void {
  addEventListener('popstate', () => {
    search.value = location.search;
  });
}

/** Lets an ordinary link move within the page, while a click with a modifier still opens a tab. */
export function onLink(event: MouseEvent, to: Route): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(to);
}
