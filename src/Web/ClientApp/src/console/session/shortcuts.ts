import type { EntryRow } from '../../shared/wire';
import { client } from '../hub';
import { type Tab, tabs } from '../route';
import { preview } from '../students/preview';
import { sendCommand } from '../students/sendCommand';
import type { Cursor } from './cursor';
import type { Room } from './room';

export interface KeyContext {
  tab: Tab;
  steer: boolean;
  ready: boolean;
}

/** What a key means where the focus is; nothing while somebody types, a dialog is open, or a modifier is held. */
export function keyOf(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('dialog, [popover], select, textarea, [role="tablist"]')) {
    const arrow = event.key.startsWith('Arrow');
    if (arrow || !target.closest('[role="tablist"]')) return null;
  }
  const input = target?.closest('input');
  if (input && input.type !== 'checkbox') return event.key === 'Escape' ? 'Escape' : null;
  return event.key;
}

/** The whole flow by keyboard. Answers how to stop listening. */
export function listenToKeys(room: Room, context: () => KeyContext, show: (tab: Tab) => void): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (room.dialog.peek() || document.querySelector('dialog[open]')) return;
    const key = keyOf(event);
    if (key !== null && act(key, room, context(), show)) event.preventDefault();
  };
  document.addEventListener('keydown', pressed);
  return () => document.removeEventListener('keydown', pressed);
}

function act(key: string, room: Room, context: KeyContext, show: (tab: Tab) => void): boolean {
  const tab = tabs[Number(key) - 1];
  if (tab) {
    show(tab);
    return true;
  }
  switch (key) {
    case '?':
      room.dialog.value = { kind: 'keys' };
      return true;
    case '/': {
      const field = document.querySelector<HTMLInputElement>(`[data-find="${context.tab}"]`);
      field?.focus();
      return field !== null;
    }
    case 'Escape':
      (document.activeElement as HTMLElement | null)?.blur();
      return false;
  }
  if (context.tab === 'approvals') return onApprovals(key, room, context);
  if (context.tab === 'students') return onStudents(key, room, context);
  return false;
}

function onApprovals(key: string, room: Room, { steer, ready }: KeyContext): boolean {
  const { approvalsCursor: cursor, approvalsTicks: ticks } = room;
  if (moved(key, cursor, 'approvals')) return true;
  if (!steer) return false;
  const row = cursor.row();
  const ticked = ticks.of(room.approvals.value);
  const chosen = ticked.length > 0 ? ticked : row ? [row] : [];
  const held = room.live.session.value?.phase === 'held';
  switch (key) {
    case 'x':
      if (row) ticks.toggle(row.id);
      return row !== undefined;
    case 'a':
      if (!ready || held || chosen.length === 0) return false;
      void room.live.decisions.decide('approve', chosen);
      ticks.clear();
      return true;
    case 'd':
      if (!ready || chosen.length === 0) return false;
      room.dialog.value = { kind: 'deny', rows: chosen };
      return true;
    case 'A':
      if (!ready || held) return false;
      void room.live.decisions.decide('approve', room.split.value.clean);
      return true;
    default:
      return false;
  }
}

function onStudents(key: string, room: Room, { steer, ready }: KeyContext): boolean {
  const { studentsCursor: cursor, studentsTicks: ticks } = room;
  if (moved(key, cursor, 'students')) return true;
  const row = cursor.row();
  const session = room.live.session.value;
  if (!steer || !row || !session) return false;
  switch (key) {
    case 'x':
      ticks.toggle(row.id);
      return true;
    case 'p': {
      const command = row.state === 'paused' ? 'resume' : 'pause';
      if (!ready || preview(command, [row], session, client.clock.now()).affected.length === 0) return false;
      void sendCommand(room, command, [row]);
      return true;
    }
    case 'm':
      if (!ready) return false;
      room.dialog.value = { kind: 'command', command: 'message', rows: [row] };
      return true;
    default:
      return false;
  }
}

function moved(key: string, cursor: Cursor<EntryRow>, region: string): boolean {
  if (key === 'j' || key === 'ArrowDown') cursor.move(1);
  else if (key === 'k' || key === 'ArrowUp') cursor.move(-1);
  else return false;
  // The focus goes along, on the row's tick box: so that it is read aloud, and Tab leads on to the row's buttons.
  const row = `#${region} [data-entry="${CSS.escape(cursor.id.value ?? '')}"]`;
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`${row} input`)?.focus({ preventScroll: true }),
  );
  return true;
}
