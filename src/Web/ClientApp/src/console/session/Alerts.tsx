import type { Session } from '../../shared/wire';
import { go } from '../route';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import type { Room } from './room';

/** What everybody who steers this session must know now. */
export function Alerts({ room, session, id }: { room: Room; session: Session; id: string }) {
  const overdue = room.overdue.value;
  return (
    <>
      {session.phase === 'held' && (
        <p class="notice warn strip" role="status">
          <Icon name="pause" />
          {session.holdReason ? t('room.heldFor', { reason: session.holdReason }) : t('room.held')}
        </p>
      )}
      {session.idleSince && (session.phase === 'open' || session.phase === 'lobbyOpen') && (
        <p class="notice warn strip" role="status">
          <Icon name="clock" />
          {t('room.idle')}
        </p>
      )}
      {overdue > 0 && (
        <p class="notice bad strip" role="alert">
          <Icon name="alert" />
          <span>{t('room.overdue', { count: overdue })}</span>
          <button
            class="textButton"
            type="button"
            onClick={() => {
              room.studentsFilter.value = 'problems';
              go({ page: 'session', id, tab: 'students' });
            }}
          >
            {t('room.look')}
          </button>
        </p>
      )}
    </>
  );
}
