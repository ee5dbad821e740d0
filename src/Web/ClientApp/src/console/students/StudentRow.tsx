import type { EntryPresence, EntryRow } from '../../shared/wire';
import type { Room } from '../session/room';
import { Icon } from '../shell/Icon';
import { PresenceBadge, StateBadge } from '../shell/Status';
import { clockOf, spanOf } from '../shell/span';
import { t } from '../text';
import { hasClock, secondsLeft, secondsPaused } from './clock';
import { nameOf } from './order';
import { problemOf } from './problem';
import { openRowMenu } from './RowMenu';

/** Fewer seconds than this are worth a look. */
const short = 300;
const ended = new Set<EntryRow['state']>([
  'denied',
  'withdrawn',
  'submitted',
  'terminated',
  'noShow',
  'expired',
  'moved',
  'removed',
]);

interface StudentRowProps {
  row: EntryRow;
  index: number;
  room: Room;
  steer: boolean;
  now: number;
}

export function StudentRow({ row, index, room, steer, now }: StudentRowProps) {
  const name = nameOf(row);
  const seen = room.live.presence.value.get(row.id);
  const problem = problemOf(row, seen?.presence);
  const over = ended.has(row.state);
  const ticked = room.studentsTicks.ids.value.has(row.id);
  const active = room.studentsCursor.id.value === row.id;
  const paused = secondsPaused(row, now);

  return (
    <tr
      class={`${active ? 'active' : ''} ${problem && problem !== 'lagging' ? 'problem' : ''} ${over ? 'over' : ''}`}
      aria-rowindex={index + 2}
      aria-selected={ticked}
      data-testid="students-row"
      data-entry={row.id}
      onPointerDown={() => room.studentsCursor.at(row.id)}
    >
      <td class="c-tick">
        {steer && (
          <input
            type="checkbox"
            aria-label={t('roster.tick', { name })}
            checked={ticked}
            onChange={() => room.studentsTicks.toggle(row.id)}
          />
        )}
      </td>
      <td class="c-state">
        <State row={row} />
      </td>
      <td class="c-student">
        <span class="who">{name}</span>
        <About row={row} />
      </td>
      <td class="c-presence">{!over && <PresenceBadge presence={seen?.presence ?? 'never'} />}</td>
      <td class="c-progress">
        <ProgressCell row={row} />
      </td>
      <td class="c-section muted">{row.progress?.section}</td>
      <td class="c-left numbers">{!over && hasClock(row) && <Left seconds={secondsLeft(row, now)} />}</td>
      <td class="c-paused numbers muted">
        {paused >= 1 && t('roster.minutes', { count: Math.max(1, Math.round(paused / 60)) })}
      </td>
      <td class="c-seen numbers muted">{!over && <Seen seen={seen} now={now} />}</td>
      <td class="c-menu">
        {steer && (
          <button
            class="iconButton"
            type="button"
            aria-label={t('roster.menu', { name })}
            aria-haspopup="menu"
            data-testid="row-menu"
            onClick={(event) => openRowMenu(event.currentTarget, row.id)}
          >
            <Icon name="dots" />
          </button>
        )}
      </td>
    </tr>
  );
}

/** The state as it is; a command under way stands beside it, never in its place. */
function State({ row }: { row: EntryRow }) {
  const pending = row.pendingCommand;
  return (
    <span class="states">
      <StateBadge state={row.state} />
      {pending &&
        (pending.overdue ? (
          <span class="pending bad" role="alert">
            <Icon name="alert" />
            {t(`overdue.${pending.kind}`)}
          </span>
        ) : (
          <span class="pending">{t(`pending.${pending.kind}`)}</span>
        ))}
    </span>
  );
}

function About({ row }: { row: EntryRow }) {
  const said = row.messages.findLast(({ from }) => from === 'student');
  const plain = [
    row.student.externalId,
    row.guest ? t('approvals.guest') : null,
    row.device > 1 ? t('approvals.device', { count: row.device }) : null,
    row.attempt > 1 ? t('approvals.attempt', { count: row.attempt }) : null,
  ].filter(Boolean);
  return (
    <span class="about">
      {row.handRaised && (
        <span class="flag">
          <Icon name="hand" />
          {t('roster.hand')}
        </span>
      )}
      {row.state === 'atSeal' && (
        <span class="flag">
          <Icon name="lock" />
          {row.seal ? t('roster.seal', { section: row.seal }) : t('roster.sealUnnamed')}
        </span>
      )}
      {said && row.handRaised && <span class="said">{t('roster.quote', { text: said.text })}</span>}
      {row.endReason && <span class="said">{t('roster.quote', { text: row.endReason })}</span>}
      <span class="muted">{plain.join(' · ')}</span>
    </span>
  );
}

function ProgressCell({ row }: { row: EntryRow }) {
  if (!row.progress) return null;
  const { answered, total } = row.progress;
  return (
    <span class="progressCell numbers">
      <progress max={total} value={answered} aria-hidden="true" />
      {t('roster.answered', { answered, total })}
    </span>
  );
}

function Left({ seconds }: { seconds: number }) {
  if (seconds <= 0) return <span class="flag">{t('roster.over')}</span>;
  return <span class={seconds < short ? 'short' : ''}>{clockOf(seconds)}</span>;
}

function Seen({ seen, now }: { seen: EntryPresence | undefined; now: number }) {
  if (!seen?.lastSeenAt) return null;
  if (seen.presence === 'online') return <>{t('time.now')}</>;
  return <>{t('time.ago', { time: spanOf(now - Date.parse(seen.lastSeenAt)) })}</>;
}
