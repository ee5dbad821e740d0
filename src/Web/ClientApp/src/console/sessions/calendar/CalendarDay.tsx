import { onLink } from '../../route';
import { PhaseBadge } from '../../shell/Status';
import { t } from '../../text';
import { toLocal } from '../zones';
import type { Day, Placed } from './days';

interface CalendarDayProps {
  day: Day;
  today: boolean;
  /** Of another month than the one shown. */
  outside: boolean;
  placed: readonly Placed[];
  zone: string;
  /** In a month a day has room for a few. */
  short: boolean;
  onWeek: () => void;
}

const few = 4;

export function CalendarDay({ day, today, outside, placed, zone, short, onWeek }: CalendarDayProps) {
  const at = Date.parse(`${day}T00:00Z`);
  const shown = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(at);
  const kept = short && placed.length > few + 1 ? placed.slice(0, few) : placed;
  const classes = ['day', today && 'today', outside && 'outside', placed.length === 0 && 'free'];
  return (
    <section
      class={classes.filter(Boolean).join(' ')}
      data-day={day}
      aria-label={shown({ dateStyle: 'full' })}
    >
      <h3>
        <span class="weekday">{shown({ weekday: 'short' })}</span>{' '}
        <span class="date">{shown({ day: 'numeric' })}</span>{' '}
        <span class="ofMonth">{shown({ month: 'short' })}</span>
        {today && <span class="visually-hidden">, {t('calendar.today')}</span>}
      </h3>
      <ul>
        {kept.map((one) => (
          <li key={one.row.id}>
            <Item placed={one} zone={zone} />
          </li>
        ))}
      </ul>
      {kept.length < placed.length && (
        <button class="button small plain moreOfDay" type="button" onClick={onWeek}>
          {t('calendar.more', { count: placed.length - kept.length })}
        </button>
      )}
    </section>
  );
}

function Item({ placed: { row, opens, closes }, zone }: { placed: Placed; zone: string }) {
  const time = (at: string, of: string) => toLocal(Date.parse(at), of).slice(11);
  const there = (of: string) => `${time(row.opensAt, of)}–${time(row.closesAt, of)}`;
  const when = opens
    ? closes
      ? there(zone)
      : t('calendar.from', { time: time(row.opensAt, zone) })
    : closes
      ? t('calendar.until', { time: time(row.closesAt, zone) })
      : t('calendar.allDay');
  const over = row.phase === 'closed' || row.phase === 'cancelled';
  // Zones of another name may show the same time: only where the clocks differ is the session's own time told too.
  const differs = time(row.opensAt, row.timeZone) !== time(row.opensAt, zone);
  return (
    <a
      href={`/?session=${row.id}`}
      class={`calendarItem ${row.phase} ${over ? 'over' : ''}`}
      data-testid="calendar-item"
      data-session={row.id}
      onClick={(event) => onLink(event, { page: 'session', id: row.id, tab: 'approvals' })}
    >
      <span class="when numbers">{when}</span>
      <span class="what">{row.name}</span>
      {differs && (
        <span class="own numbers">
          {t('calendar.own', { time: there(row.timeZone), zone: row.timeZone.replaceAll('_', ' ') })}
        </span>
      )}
      <PhaseBadge phase={row.phase} />
    </a>
  );
}
