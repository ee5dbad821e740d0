import { useState } from 'preact/hooks';
import type { EntryRow } from '../../shared/wire';
import { now } from '../hub';
import type { Room } from '../session/room';
import { shownIn } from '../sessions/zones';
import { Icon } from '../shell/Icon';
import { nameOf } from '../students/order';
import { t } from '../text';
import type { ActivityLine } from './activityLog';

/** Who did what since the page opened; below it, the decisions that the rows still carry. */
export function Activity({ room, openedAt }: { room: Room; openedAt: number }) {
  const [search, setSearch] = useState('');
  const zone = room.live.session.value?.timeZone ?? 'UTC';
  const opened = openedAt + (now.peek() - Date.now());
  const wanted = search.trim().toLowerCase();
  const matches = (text: string) => text.toLowerCase().includes(wanted);
  const lines = room.live.activity.lines.value.filter((line) =>
    matches(`${line.student ?? ''} ${kindText(line.kind)} ${line.by ?? ''}`),
  );
  const earlier = earlierDecisions(room.live.entries.value.values(), opened).filter((row) =>
    matches(`${nameOf(row)} ${row.decision?.outcome ?? ''} ${row.decision?.by?.name ?? ''}`),
  );
  const nothing = lines.length === 0 && earlier.length === 0;

  return (
    <div class="region activity">
      <div class="regionBar">
        <span class="muted barNote">{t('activity.since', { time: shownIn(opened, zone, now.value) })}</span>
        <span class="searchBox">
          <Icon name="search" />
          <input
            class="input"
            type="search"
            aria-label={t('activity.filter')}
            placeholder={t('filter')}
            value={search}
            data-find="activity"
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keyboard too */}
      <section class="scroll" tabIndex={0} aria-label={t('tab.activity')}>
        {nothing ? (
          <div class="nothing">
            <Icon name="clock" />
            <strong>{t(wanted ? 'activity.none' : 'activity.empty')}</strong>
            {!wanted && <p class="muted">{t('activity.emptyHint')}</p>}
          </div>
        ) : (
          <ol class="log" data-testid="activity-log">
            {lines.slice(0, 400).map((line) => (
              <LogLine key={line.seq} line={line} zone={zone} />
            ))}
            {earlier.length > 0 && <li class="logHead">{t('activity.before')}</li>}
            {earlier.slice(0, 400).map((row) => (
              <EarlierDecision key={row.id} row={row} zone={zone} />
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}

function LogLine({ line, zone }: { line: ActivityLine; zone: string }) {
  return (
    <li data-kind={line.kind}>
      <time class="numbers muted" dateTime={line.at}>
        {timeOf(line.at, zone)}
      </time>
      <span>
        <span class={line.student ? 'who' : 'who muted'}>{line.student ?? t('activity.session')}</span>{' '}
        {kindText(line.kind)}
        {line.by && <span class="muted"> {t('activity.by', { name: line.by })}</span>}
        {line.detail && <span class="said"> {t('roster.quote', { text: line.detail })}</span>}
        {line.lateSeconds ? (
          <span class="flag"> {t('activity.late', { count: Math.round(line.lateSeconds) })}</span>
        ) : null}
      </span>
    </li>
  );
}

function EarlierDecision({ row, zone }: { row: EntryRow; zone: string }) {
  const { decision } = row;
  if (!decision) return null;
  return (
    <li>
      <time class="numbers muted" dateTime={decision.at}>
        {timeOf(decision.at, zone)}
      </time>
      <span>
        <span class="who">{nameOf(row)}</span> {t(`kind.${decision.outcome}`)}
        {decision.by && <span class="muted"> {t('activity.by', { name: decision.by.name })}</span>}
        {decision.reason && <span class="said"> {t('roster.quote', { text: decision.reason })}</span>}
      </span>
    </li>
  );
}

function earlierDecisions(rows: Iterable<EntryRow>, opened: number): EntryRow[] {
  return [...rows]
    .filter(({ decision }) => decision && Date.parse(decision.at) < opened)
    .sort((a, b) => Date.parse(b.decision?.at ?? '') - Date.parse(a.decision?.at ?? ''));
}

/** The words for a kind; one that this version does not know is shown as a change. */
function kindText(kind: string): string {
  const key = `kind.${kind}`;
  const text = t(key as 'kind.approved');
  return text === key ? t('activity.other') : text;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function timeOf(at: string, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' });
    formats.set(zone, format);
  }
  return format.format(Date.parse(at));
}
