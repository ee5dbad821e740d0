import type { Session } from '../../shared/wire';
import { mySelf } from '../account/me';
import { now } from '../hub';
import { onLink } from '../route';
import { noFilter } from '../sessions/listFilter';
import { shownIn } from '../sessions/zones';
import { Icon } from '../shell/Icon';
import { PhaseBadge, RehearsalBadge } from '../shell/Status';
import { countdownOf } from '../shell/span';
import { t } from '../text';
import { JoinFacts } from './JoinFacts';
import { PhaseButtons } from './PhaseButtons';
import { nextMoment } from './phaseRules';
import type { Room } from './room';

export function SessionHeader({ room, session, steer }: { room: Room; session: Session; steer: boolean }) {
  return (
    <header class="roomHead">
      <div class="roomTitle">
        <a
          href="/"
          class="iconButton"
          aria-label={t('room.toList')}
          title={t('room.toList')}
          onClick={(event) => onLink(event, { page: 'list', filter: noFilter })}
        >
          <Icon name="back" />
        </a>
        <h1 title={session.note ?? undefined}>{session.name}</h1>
        <PhaseBadge phase={session.phase} />
        {session.simulated && <RehearsalBadge />}
        <Here room={room} />
        <PhaseButtons room={room} session={session} steer={steer} />
      </div>
      <div class="facts">
        <dl>
          <JoinFacts room={room} session={session} />
          <Countdown session={session} />
        </dl>
        <Counts room={room} />
      </div>
    </header>
  );
}

/** The next moment that the clock brings, in server time. */
function Countdown({ session }: { session: Session }) {
  const next = nextMoment(session);
  if (!next)
    return (
      <div class="fact when">
        <dt>{t('column.closesAt')}</dt>
        <dd>{t(session.phase === 'draining' ? 'countdown.last' : 'countdown.over')}</dd>
      </div>
    );
  const left = next.at - now.value;
  const due = next.what === 'mayOpen' ? t('countdown.ready') : t('countdown.due');
  return (
    <div class="fact when">
      <dt>{t(`countdown.${next.what}`)}</dt>
      <dd class="numbers" data-testid="countdown">
        <strong>{left > 0 ? countdownOf(left) : due}</strong>
        <span class="muted">
          {t('countdown.at', {
            time: shownIn(next.at, session.timeZone, now.value),
            zone: session.timeZone.replaceAll('_', ' '),
          })}
        </span>
      </dd>
    </div>
  );
}

function Counts({ room }: { room: Room }) {
  let approved = 0;
  let testing = 0;
  let done = 0;
  for (const { state } of room.live.entries.value.values()) {
    if (state === 'approved') approved += 1;
    else if (['entering', 'testing', 'paused', 'atSeal', 'interrupted'].includes(state)) testing += 1;
    else if (['submitted', 'terminated', 'expired'].includes(state)) done += 1;
  }
  const counts = { waiting: room.waiting.value.length, approved, testing, done };
  return (
    <dl class="fact counts">
      {(['waiting', 'approved', 'testing', 'done'] as const).map((name) => (
        <div key={name} data-testid={`count-${name}`}>
          <dt>{t(`room.${name}`)}</dt>
          <dd class={name === 'waiting' && counts.waiting > 0 ? 'numbers loud' : 'numbers'}>
            {counts[name].toLocaleString('en')}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Who else looks at this session now. */
function Here({ room }: { room: Room }) {
  const own = mySelf.value?.id;
  const others = room.live.staff.value.filter(({ id }) => id !== own);
  if (others.length === 0) return null;
  const names = others.map(({ name }) => name).join(', ');
  return (
    <span class="here" title={t('room.here', { names })} data-testid="here">
      {others.slice(0, 3).map(({ id, name }) => (
        <span key={id} class="initials" aria-hidden="true">
          {initials(name)}
        </span>
      ))}
      {others.length > 3 && <span class="initials">{`+${others.length - 3}`}</span>}
      <span class="visually-hidden">{t('room.here', { names })}</span>
    </span>
  );
}

function initials(name: string): string {
  const parts = name.split(/\s+/).filter(Boolean);
  return [parts[0], parts.length > 1 ? parts.at(-1) : '']
    .map((part) => [...(part ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
