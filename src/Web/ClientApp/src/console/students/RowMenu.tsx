import { signal } from '@preact/signals';
import type { EntryRow } from '../../shared/wire';
import { mySelf } from '../account/me';
import { client } from '../hub';
import type { Room } from '../session/room';
import { Icon, type IconName } from '../shell/Icon';
import { t } from '../text';
import { nameOf } from './order';
import { preview, type StudentCommand } from './preview';
import { sendCommand } from './sendCommand';

const menuId = 'row-menu';
const entry = signal<string | null>(null);

const icons: Record<StudentCommand, IconName> = {
  pause: 'pause',
  resume: 'play',
  extend: 'clock',
  message: 'message',
  revoke: 'undo',
  terminate: 'stop',
  releaseSeal: 'unlock',
  reinstate: 'undo',
};
const order: readonly StudentCommand[] = [
  'releaseSeal',
  'pause',
  'resume',
  'extend',
  'message',
  'revoke',
  'terminate',
  'reinstate',
];
const direct: ReadonlySet<StudentCommand> = new Set(['pause', 'resume', 'releaseSeal']);

/** Opens the one menu of the region at this row's button. */
export function openRowMenu(button: HTMLElement, id: string): void {
  entry.value = id;
  const menu = document.getElementById(menuId);
  if (!menu) return;
  menu.showPopover();
  // Its content is this row's only once it is drawn.
  requestAnimationFrame(() => {
    const at = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu;
    menu.style.left = `${Math.max(8, Math.min(innerWidth - width - 8, at.right - width))}px`;
    menu.style.top = `${at.bottom + height + 8 > innerHeight ? Math.max(8, at.top - height - 4) : at.bottom + 4}px`;
    menu.querySelector<HTMLElement>('button:not(:disabled)')?.focus();
  });
}

const reinstatable = ({ state }: EntryRow) =>
  mySelf.value?.role === 'administrator' && (state === 'terminated' || state === 'expired');

/** What can be done to one student. What cannot says why. */
export function RowMenu({ room, ready }: { room: Room; ready: boolean }) {
  const row = entry.value ? room.live.entries.value.get(entry.value) : undefined;
  const session = room.live.session.value;
  return (
    <div
      class="menu"
      id={menuId}
      popover="auto"
      role="menu"
      tabIndex={-1}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (step === 0) return;
        event.preventDefault();
        const items = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not(:disabled)')];
        const at = items.indexOf(document.activeElement as HTMLElement);
        items[(at + step + items.length) % items.length]?.focus();
      }}
    >
      {row && session && (
        <>
          <div class="menuHead">
            <strong>{nameOf(row)}</strong>
          </div>
          {order.map((command) => {
            // Most tests have no seals: nothing is said of them where none is before the student.
            if (command === 'releaseSeal' && row.state !== 'atSeal') return null;
            // Only an administrator gives back what has ended.
            if (command === 'reinstate' && !reinstatable(row)) return null;
            const { skipped } = preview(command, [row], session, client.clock.now());
            const why = skipped[0]?.reason;
            return (
              <button
                key={command}
                role="menuitem"
                type="button"
                class={command === 'terminate' ? 'danger' : ''}
                disabled={!ready || why !== undefined}
                data-testid={`menu-${command}`}
                onClick={() => {
                  document.getElementById(menuId)?.hidePopover();
                  if (direct.has(command)) void sendCommand(room, command, [row]);
                  else room.dialog.value = { kind: 'command', command, rows: [row] };
                }}
              >
                <Icon name={icons[command]} />
                <span>
                  {t(`command.${command}`)}
                  {why && <span class="hint">{t(`skip.${why}`)}</span>}
                </span>
              </button>
            );
          })}
        </>
      )}
    </div>
  );
}
