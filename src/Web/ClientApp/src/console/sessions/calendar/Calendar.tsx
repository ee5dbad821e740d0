import { useEffect, useMemo } from 'preact/hooks';
import { connected, now } from '../../hub';
import { problemText } from '../../problemText';
import { Icon } from '../../shell/Icon';
import { t } from '../../text';
import { isFiltered, type ListFilter, unfiltered } from '../listFilter';
import { ownZone, zones } from '../zones';
import { CalendarDay } from './CalendarDay';
import { CalendarModel } from './calendarModel';
import { addDays, addMonths, type Day, dayOf, monthOf, placed, startOf, weekOf } from './days';

interface CalendarProps {
  filter: ListFilter;
  onChange: (part: Partial<ListFilter>) => void;
}

/** The sessions of the filter by day: a week or a month, in one zone that it names. Where it is narrow, an agenda. */
export function Calendar({ filter, onChange }: CalendarProps) {
  const model = useMemo(() => new CalendarModel(), []);
  const known = useMemo(() => new Set(zones()), []);
  const zone = known.has(filter.zone) ? filter.zone : ownZone();
  const today = dayOf(now.value, zone);
  const day = filter.day || today;
  const month = filter.view === 'month';
  const days = useMemo(() => (month ? monthOf(day) : weekOf(day)), [month, day]);
  const from = startOf(days[0] as Day, zone);
  const to = startOf(addDays(days.at(-1) as Day, 1), zone);
  const asked = JSON.stringify([
    filter.search,
    filter.hidePast,
    filter.showOld,
    filter.phases,
    filter.proctor,
    from,
    to,
  ]);
  useEffect(() => () => model.close(), []);
  useEffect(() => model.show(filter, from, to), [asked]);

  const rows = model.rows();
  const byDay = placed(rows, days, zone);
  const problem = model.problem.value;
  const step = (by: number) =>
    onChange({ day: month ? addMonths(`${day.slice(0, 7)}-01`, by) : addDays(day, 7 * by) });
  const hidesOld = !filter.showOld && from < now.value - 92 * 86_400_000;

  return (
    <section class="calendar" data-testid="calendar">
      <header class="calendarHead">
        <span class="actions">
          <button class="iconButton" type="button" onClick={() => step(-1)} aria-label={t('calendar.before')}>
            <Icon name="back" />
          </button>
          <button
            class="iconButton turned"
            type="button"
            onClick={() => step(1)}
            aria-label={t('calendar.after')}
          >
            <Icon name="back" />
          </button>
          <button class="button small" type="button" onClick={() => onChange({ day: '' })}>
            {t('calendar.today')}
          </button>
        </span>
        <h2 aria-live="polite">{title(days, day, month)}</h2>
        <label class="zoneChoice">
          <span>{t('calendar.zone')}</span>
          <select
            class="input"
            value={zone}
            data-testid="calendar-zone"
            onChange={(event) => {
              const chosen = event.currentTarget.value;
              onChange({ zone: chosen === ownZone() ? '' : chosen });
            }}
          >
            {[...new Set([ownZone(), zone, 'UTC', ...rows.map(({ timeZone }) => timeZone)])].map((name) => (
              <option key={name} value={name}>
                {name.replaceAll('_', ' ')}
                {name === ownZone() ? ` (${t('calendar.yours')})` : ''}
              </option>
            ))}
          </select>
        </label>
      </header>
      {problem && (
        <p class="notice bad" role="alert">
          <Icon name="alert" />
          <span>
            {t('list.failed')} {problemText(problem)}
          </span>
          <button class="button small" type="button" onClick={() => model.retry()}>
            {t('retry')}
          </button>
        </p>
      )}
      {model.cut.value && (
        <p class="notice warn">
          <Icon name="alert" />
          <span>{t('calendar.cut')}</span>
        </p>
      )}
      {hidesOld && (
        <p class="notice">
          <span>{t('calendar.old')}</span>
          <button class="button small" type="button" onClick={() => onChange({ showOld: true })}>
            {t('calendar.showOld')}
          </button>
        </p>
      )}
      <div
        class={`days ${month ? 'month' : 'week'} ${connected.value ? '' : 'stale'}`}
        aria-busy={model.loading.value}
      >
        {days.map((one) => (
          <CalendarDay
            key={one}
            day={one}
            today={one === today}
            outside={month && one.slice(0, 7) !== day.slice(0, 7)}
            placed={byDay.get(one) ?? []}
            zone={zone}
            short={month}
            onWeek={() => onChange({ view: 'week', day: one })}
          />
        ))}
      </div>
      {!model.loading.value && !problem && rows.length === 0 && (
        <p class="nothing">
          {t(isFiltered(filter) ? 'calendar.noneFiltered' : 'calendar.none')}
          {isFiltered(filter) && (
            <button class="button plain" type="button" onClick={() => onChange(unfiltered)}>
              {t('list.clear')}
            </button>
          )}
        </p>
      )}
    </section>
  );
}

function title(days: readonly Day[], day: Day, month: boolean): string {
  const shown = (one: Day, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(Date.parse(`${one}T00:00Z`));
  if (month) return shown(day, { month: 'long', year: 'numeric' });
  const [first, last] = [days[0] as Day, days.at(-1) as Day];
  const sameMonth = first.slice(0, 7) === last.slice(0, 7);
  const sameYear = first.slice(0, 4) === last.slice(0, 4);
  const start = shown(first, {
    day: 'numeric',
    ...(sameMonth ? {} : { month: 'short' }),
    ...(sameYear ? {} : { year: 'numeric' }),
  });
  return `${start} – ${shown(last, { day: 'numeric', month: sameMonth ? 'long' : 'short', year: 'numeric' })}`;
}
