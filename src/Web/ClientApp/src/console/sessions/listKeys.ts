import { keyOf } from '../session/shortcuts';

export interface ListActions {
  create: () => void;
  /** The ticked sessions, or else the one that the focus is on. */
  remove: (focused: string | null) => void;
  edit: (focused: string | null) => void;
  duplicate: (focused: string | null) => void;
  toggle: (id: string) => void;
  clear: () => void;
}

/** The list by keyboard: the focus itself moves along the rows. Answers how to stop listening. */
export function listenToListKeys(actions: () => ListActions): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (document.querySelector('dialog[open], [popover]:popover-open')) return;
    const search = document.querySelector<HTMLInputElement>('[data-testid="search"]');
    if (event.target === search && event.key === 'ArrowDown' && focusRow(0)) return event.preventDefault();
    const key = keyOf(event);
    if (key !== null && act(key, event, actions(), search)) event.preventDefault();
  };
  document.addEventListener('keydown', pressed);
  return () => document.removeEventListener('keydown', pressed);
}

function act(
  key: string,
  event: KeyboardEvent,
  actions: ListActions,
  search: HTMLInputElement | null,
): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('[data-session] .rowLink')];
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-session]') : null;
  const at = links.findIndex((link) => row?.contains(link));
  const id = row?.dataset.session ?? null;
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return focusRow(Math.min(at + 1, links.length - 1));
    case 'k':
    case 'ArrowUp':
      return focusRow(at < 0 ? links.length - 1 : Math.max(at - 1, 0));
    case 'Home':
    case 'End':
      return at >= 0 && focusRow(key === 'Home' ? 0 : links.length - 1);
    case ' ':
      if (id) actions.toggle(id);
      return id !== null;
    case '/':
      search?.focus();
      search?.select();
      return search !== null;
    case 'n':
      actions.create();
      return true;
    case 'e':
      actions.edit(id);
      return true;
    case 'd':
      actions.duplicate(id);
      return true;
    case 'Delete':
      actions.remove(id);
      return true;
    case 'Escape':
      if (event.target === search) search?.blur();
      else actions.clear();
      return false;
    default:
      return false;
  }
}

function focusRow(index: number): boolean {
  const link = document.querySelectorAll<HTMLElement>('[data-session] .rowLink')[index];
  link?.focus();
  link?.closest('[data-session]')?.scrollIntoView({ block: 'nearest' });
  return link !== undefined;
}
