import type { Session } from '../../shared/wire';
import { mySelf } from '../account/me';
import { connected, now } from '../hub';
import { type Sheet, writeRoute } from '../route';
import { Icon, type IconName } from '../shell/Icon';
import { t } from '../text';
import { actionsFor, mayArrange, type PhaseAction } from './phaseRules';
import type { Room } from './room';

const icons: Record<PhaseAction, IconName> = {
  open: 'play',
  hold: 'pause',
  release: 'play',
  stop: 'stop',
  reopen: 'refresh',
  cancel: 'ban',
};
const editable = new Set<Session['phase']>(['scheduled', 'lobbyOpen', 'open', 'held']);

export function PhaseButtons({ room, session, steer }: { room: Room; session: Session; steer: boolean }) {
  const role = mySelf.value?.role ?? 'observer';
  const actions = actionsFor(session.phase, role);
  if (!steer) return null;
  const live = session.phase !== 'closed' && session.phase !== 'cancelled' && session.phase !== 'scheduled';
  return (
    <span class="phaseButtons">
      {live && (
        <button
          class="button small plain"
          type="button"
          disabled={!connected.value}
          data-testid="broadcast"
          onClick={() => {
            room.dialog.value = { kind: 'broadcast' };
          }}
        >
          <Icon name="broadcast" />
          <span class="word">{t('room.broadcast')}</span>
        </button>
      )}
      {editable.has(session.phase) && !session.simulated && (
        <SheetLink sheet="tickets" of={session.id} icon="ticket" text={t('room.tickets')} />
      )}
      {session.tests.some(({ sealed }) => sealed.length > 0) && (
        <SheetLink sheet="sealCodes" of={session.id} icon="lock" text={t('room.sealCodes')} />
      )}
      {mayArrange(role) && editable.has(session.phase) && (
        <button
          class="button small plain"
          type="button"
          disabled={!connected.value}
          data-testid="edit-session"
          onClick={() => {
            room.dialog.value = { kind: 'edit' };
          }}
        >
          <Icon name="edit" />
          <span class="word">{t('room.edit')}</span>
        </button>
      )}
      {actions.map((action) => (
        <button
          key={action}
          class={buttonClass(action, session)}
          type="button"
          disabled={!connected.value}
          data-testid={action === 'stop' ? 'stop' : `phase-${action}`}
          onClick={() => {
            room.dialog.value = { kind: 'phase', action };
          }}
        >
          <Icon name={icons[action]} />
          {t(isEarly(action, session, now.value) ? 'action.openEarly' : `action.${action}`)}
        </button>
      ))}
    </span>
  );
}

/** In a tab of its own: the session goes on meanwhile. */
function SheetLink({ sheet, of, icon, text }: { sheet: Sheet; of: string; icon: IconName; text: string }) {
  return (
    <a
      class="button small plain"
      href={writeRoute({ page: 'sheet', sheet, of, query: {} })}
      target="_blank"
      rel="noopener"
      title={text}
      data-testid={`to-${sheet}`}
    >
      <Icon name={icon} />
      <span class="word">{text}</span>
    </a>
  );
}

function isEarly(action: PhaseAction, session: Session, at: number): boolean {
  return action === 'open' && Date.parse(session.opensAt) > at;
}

function buttonClass(action: PhaseAction, session: Session): string {
  if (action === 'stop') return 'button small danger';
  const next = action === 'release' || (action === 'open' && session.phase === 'lobbyOpen');
  return next ? 'button small primary' : 'button small';
}
