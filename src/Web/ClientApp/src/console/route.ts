import { computed, signal } from '@preact/signals';
import { type ListFilter, readFilter, writeFilter } from './sessions/listFilter';

/** The regions of a session's page. */
export const tabs = ['approvals', 'students', 'activity', 'report'] as const;
export type Tab = (typeof tabs)[number];

export type Route = { page: 'list'; filter: ListFilter } | { page: 'session'; id: string; tab: Tab };

/** Everything that a person may want to share or come back to stands in the address, in its query. */
export function readRoute(search: string): Route {
  const query = new URLSearchParams(search);
  const id = query.get('session');
  if (!id) return { page: 'list', filter: readFilter(query) };
  const tab = tabs.find((known) => known === query.get('tab')) ?? 'approvals';
  return { page: 'session', id, tab };
}

export function writeRoute(route: Route): string {
  const query =
    route.page === 'list'
      ? writeFilter(route.filter)
      : new URLSearchParams({ session: route.id, ...(route.tab === 'approvals' ? {} : { tab: route.tab }) });
  const text = query.toString();
  return text ? `/?${text}` : '/';
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
