import type { SessionListRow } from '../../shared/wire';
import { onLink } from '../route';
import type { Ticks } from '../session/ticks';
import { Icon } from '../shell/Icon';
import { PhaseBadge, RehearsalBadge } from '../shell/Status';
import { t } from '../text';
import { columns, type ListFilter, type SortColumn } from './listFilter';
import { ownZone, shownIn, toLocal, zoneName } from './zones';

interface SessionRowsProps {
  rows: readonly SessionListRow[];
  filter: ListFilter;
  now: number;
  /** Null for those who may not change what is ticked. */
  ticks: Ticks | null;
  onSort: (sort: Pick<ListFilter, 'sort' | 'descending'>) => void;
}

export function SessionRows({ rows, filter, now, ticks, onSort }: SessionRowsProps) {
  return (
    <table class="sessions">
      <caption class="visually-hidden">{t('list.title')}</caption>
      <thead>
        <tr>
          {ticks && (
            <th scope="col" class="col-tick">
              <TickAll rows={rows} ticks={ticks} />
            </th>
          )}
          {columns.map((column) => (
            <SortHead key={column} column={column} filter={filter} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} now={now} ticks={ticks} />
        ))}
      </tbody>
    </table>
  );
}

function TickAll({ rows, ticks }: { rows: readonly SessionListRow[]; ticks: Ticks }) {
  const ticked = ticks.of(rows).length;
  return (
    <label class="tick">
      <input
        type="checkbox"
        aria-label={t('list.tickAll')}
        checked={ticked > 0 && ticked === rows.length}
        indeterminate={ticked > 0 && ticked < rows.length}
        onChange={(event) => ticks.set(rows, event.currentTarget.checked)}
      />
    </label>
  );
}

const loudFirst: readonly SortColumn[] = ['waiting', 'testing', 'done'];

function SortHead({
  column,
  filter,
  onSort,
}: Pick<SessionRowsProps, 'filter' | 'onSort'> & { column: SortColumn }) {
  const active = filter.sort === column;
  const direction = filter.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" class={`col-${column}`} aria-sort={active ? direction : 'none'}>
      <button
        type="button"
        class="sort"
        onClick={() =>
          onSort({ sort: column, descending: active ? !filter.descending : loudFirst.includes(column) })
        }
      >
        {t(`column.${column}`)}
        <Icon name={active ? (filter.descending ? 'down' : 'up') : 'sort'} />
      </button>
    </th>
  );
}

function Row({ row, now, ticks }: { row: SessionListRow; now: number; ticks: Ticks | null }) {
  const to = { page: 'session', id: row.id, tab: 'approvals' } as const;
  const over = row.phase === 'closed' || row.phase === 'cancelled';
  const ticked = ticks?.ids.value.has(row.id) ?? false;
  return (
    <tr
      class={over ? 'over' : ''}
      data-testid="session-row"
      data-session={row.id}
      aria-selected={ticks ? ticked : undefined}
    >
      {ticks && (
        <td class="col-tick">
          <label class="tick">
            <input
              type="checkbox"
              aria-label={t('list.tick', { name: row.name })}
              checked={ticked}
              tabIndex={-1}
              onChange={() => ticks.toggle(row.id)}
            />
          </label>
        </td>
      )}
      <td class="col-name">
        <a href={`/?session=${row.id}`} class="rowLink" onClick={(event) => onLink(event, to)}>
          {row.name}
        </a>
        {row.simulated && <RehearsalBadge />}
      </td>
      <td class="col-phase">
        <PhaseBadge phase={row.phase} />
      </td>
      <td class="col-opensAt numbers" title={row.timeZone}>
        <Time at={row.opensAt} zone={row.timeZone} now={now} />
      </td>
      <td class="col-closesAt numbers" title={row.timeZone}>
        {shownIn(Date.parse(row.closesAt), row.timeZone, now)}
      </td>
      <td class="col-code">{row.code}</td>
      <td class="col-joinId mono">{row.joinId}</td>
      <td class="col-mode">{t(`mode.${row.mode}`)}</td>
      <Count name="waiting" value={row.counts?.waiting ?? 0} loud />
      <Count name="testing" value={row.counts?.testing ?? 0} />
      <Count name="done" value={row.counts?.done ?? 0} />
    </tr>
  );
}

/** In the session's zone, which is named where the reader's clocks show another time. */
function Time({ at, zone, now }: { at: string; zone: string; now: number }) {
  const instant = Date.parse(at);
  const other = toLocal(instant, zone) !== toLocal(instant, ownZone());
  return (
    <>
      {shownIn(instant, zone, now)}
      {other && <span class="otherZone"> {zoneName(instant, zone)}</span>}
    </>
  );
}

function Count({
  name,
  value,
  loud,
}: {
  name: 'waiting' | 'testing' | 'done';
  value: number;
  loud?: boolean;
}) {
  return (
    <td class={`col-${name} count numbers`} data-label={t(`column.${name}`)}>
      {value === 0 ? (
        <span class="zero">0</span>
      ) : (
        <span class={loud ? 'loud' : ''}>{value.toLocaleString('en')}</span>
      )}
    </td>
  );
}
