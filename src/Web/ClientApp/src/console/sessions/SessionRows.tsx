import type { SessionListRow } from '../../shared/wire';
import { onLink } from '../route';
import { Icon } from '../shell/Icon';
import { PhaseBadge, RehearsalBadge } from '../shell/Status';
import { t } from '../text';
import { columns, type ListFilter, type SortColumn, sortable } from './listFilter';
import { shownIn } from './zones';

interface SessionRowsProps {
  rows: readonly SessionListRow[];
  filter: ListFilter;
  now: number;
  onSort: (sort: Pick<ListFilter, 'sort' | 'descending'>) => void;
}

export function SessionRows({ rows, filter, now, onSort }: SessionRowsProps) {
  return (
    <table class="sessions">
      <caption class="visually-hidden">{t('list.title')}</caption>
      <thead>
        <tr>
          {columns.map((column) => {
            const sort = sortable.find((known) => known === column);
            return sort ? (
              <SortHead key={column} column={sort} filter={filter} onSort={onSort} />
            ) : (
              <th key={column} scope="col" class={`col-${column} plainHead`}>
                {t(`column.${column}`)}
              </th>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row} now={now} />
        ))}
      </tbody>
    </table>
  );
}

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
        onClick={() => onSort({ sort: column, descending: active && !filter.descending })}
      >
        {t(`column.${column}`)}
        <Icon name={active ? (filter.descending ? 'down' : 'up') : 'sort'} />
      </button>
    </th>
  );
}

function Row({ row, now }: { row: SessionListRow; now: number }) {
  const to = { page: 'session', id: row.id, tab: 'approvals' } as const;
  const over = row.phase === 'closed' || row.phase === 'cancelled';
  return (
    <tr class={over ? 'over' : ''} data-testid="session-row" data-session={row.id}>
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
        {shownIn(Date.parse(row.opensAt), row.timeZone, now)}
      </td>
      <td class="col-closesAt numbers" title={row.timeZone}>
        {shownIn(Date.parse(row.closesAt), row.timeZone, now)}
      </td>
      <td class="col-joinId mono">{row.joinId}</td>
      <td class="col-mode">{t(`mode.${row.mode}`)}</td>
      <Count name="waiting" value={row.counts?.waiting ?? 0} loud />
      <Count name="testing" value={row.counts?.testing ?? 0} />
      <Count name="done" value={row.counts?.done ?? 0} />
    </tr>
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
