import { useEffect, useMemo, useState } from 'preact/hooks';
import { mySelf } from '../account/me';
import { Activity } from '../activity/Activity';
import { Approvals } from '../approvals/Approvals';
import { connected } from '../hub';
import { problemText } from '../problemText';
import { NewerProfile } from '../profiles/NewerProfile';
import { Report } from '../report/Report';
import { SessionRoster } from '../roster/SessionRoster';
import { go, type Tab } from '../route';
import { noFilter } from '../sessions/listFilter';
import { Icon } from '../shell/Icon';
import { Students } from '../students/Students';
import { t } from '../text';
import { Alerts } from './Alerts';
import { LiveSession } from './liveSession';
import { restoreSound, soundFor } from './newRequests';
import { maySteer } from './phaseRules';
import { RoomDialogs } from './RoomDialogs';
import { Room } from './room';
import { SessionHeader } from './SessionHeader';
import { listenToKeys } from './shortcuts';
import { Tabs } from './Tabs';
import { useWide } from './useWide';

export function SessionPage({ id, tab }: { id: string; tab: Tab }) {
  const [openedAt] = useState(() => Date.now());
  const room = useMemo(() => new Room(new LiveSession(id)), [id]);
  const wide = useWide();
  const session = room.live.session.value;
  const problem = room.live.problem.value;
  const steer = maySteer(mySelf.value?.role ?? 'observer');
  const waiting = room.waiting.value.length;

  useEffect(() => {
    restoreSound();
    const silent = soundFor(room.live);
    return () => {
      silent();
      room.close();
      room.live.close();
    };
  }, [room]);
  useEffect(
    () =>
      listenToKeys(
        room,
        () => ({ tab, steer, ready: connected.value }),
        (to) => go({ page: 'session', id, tab: to }),
      ),
    [room, tab, steer, id],
  );
  useEffect(() => {
    const name = session?.name ?? t('loading');
    const badged = waiting > 0 ? t('room.titleWaiting', { count: waiting, name }) : name;
    document.title = `${badged} – ${t('product')}`;
  }, [session?.name, waiting]);

  if (problem)
    return (
      <main class="page">
        <p class="notice bad" role="alert">
          <Icon name="alert" />
          <span>
            {problem.code === 'notFound' ? t('room.missing') : `${t('room.failed')} ${problemText(problem)}`}
          </span>
        </p>
        <button class="button" type="button" onClick={() => go({ page: 'list', filter: noFilter })}>
          {t('room.toList')}
        </button>
      </main>
    );
  if (!session)
    return (
      <main class="page loadingRoom">
        <div class="skeleton tall" role="status" aria-label={t('loading')}>
          <span />
          <span />
          <span />
        </div>
      </main>
    );

  const both = wide && (tab === 'approvals' || tab === 'students');
  const focus = (region: 'approvals' | 'students') => () => {
    if (both && tab !== region) go({ page: 'session', id, tab: region }, true);
  };
  return (
    <main class="room" data-testid="session-page" data-session={id}>
      <SessionHeader room={room} session={session} steer={steer} />
      <Tabs room={room} id={id} tab={tab} both={both} />
      <NewerProfile session={session} steer={steer} />
      <Alerts room={room} session={session} id={id} />
      <div class={both ? 'regions both' : 'regions'} role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {(both || tab === 'approvals') && (
          <div class={both && tab === 'approvals' ? 'pane lit' : 'pane'} onFocusIn={focus('approvals')}>
            <Approvals room={room} session={session} steer={steer} />
          </div>
        )}
        {(both || tab === 'students') && (
          <div class={both && tab === 'students' ? 'pane lit' : 'pane'} onFocusIn={focus('students')}>
            <Students room={room} steer={steer} />
          </div>
        )}
        {tab === 'roster' && <SessionRoster session={session} room={room} />}
        {tab === 'activity' && <Activity room={room} openedAt={openedAt} />}
        {tab === 'report' && <Report session={session} />}
      </div>
      <RoomDialogs room={room} session={session} />
    </main>
  );
}
