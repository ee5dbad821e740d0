import type { ComponentChildren } from 'preact';
import { problemText } from '../problemText';
import type { Ticks } from '../session/ticks';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import type { PagedList } from './pagedList';

export interface Column<Row> {
  name: string;
  label: string;
  cell: (row: Row) => ComponentChildren;
  /** Figures stand to the right. */
  figures?: boolean;
}

interface DeskTableProps<Row extends { id: string }> {
  caption: string;
  list: PagedList<Row>;
  /** The rows of the list to show; all of them where this is left out. */
  rows?: readonly Row[];
  columns: readonly Column<Row>[];
  /** What a row is called, for its tick box. */
  nameOf: (row: Row) => string;
  ticks?: Ticks;
  quiet?: (row: Row) => boolean;
  /** What stands there instead of rows. */
  empty: ComponentChildren;
}

/** A list of a manager's page: real rows with tick boxes, more on demand, its problem, and what to do when it is empty. */
export function DeskTable<Row extends { id: string }>(props: DeskTableProps<Row>) {
  const { caption, list, columns, nameOf, ticks, quiet, empty } = props;
  const rows = props.rows ?? list.rows.value;
  const loading = list.loading.value;
  const problem = list.problem.value;
  const ticked = ticks?.ids.value;
  const every = rows.length > 0 && rows.every(({ id }) => ticked?.has(id));
  const some = rows.some(({ id }) => ticked?.has(id));
  return (
    <>
      {problem && (
        <p class="notice bad" role="alert">
          <Icon name="alert" />
          <span>
            {t('desk.failed')} {problemText(problem)}
          </span>
          <button class="button small" type="button" onClick={() => void list.reload()}>
            {t('retry')}
          </button>
        </p>
      )}
      <div class={`card tableCard${list.changing.value ? ' changing' : ''}`} aria-busy={list.changing.value}>
        {rows.length > 0 && (
          <table class="deskTable">
            <caption class="visually-hidden">{caption}</caption>
            <thead>
              <tr>
                {ticks && (
                  <th scope="col" class="tickCell">
                    <input
                      type="checkbox"
                      aria-label={t('roster.tickAll')}
                      checked={every}
                      ref={(box) => {
                        if (box) box.indeterminate = some && !every;
                      }}
                      onChange={() => ticks.set(rows, !every)}
                    />
                  </th>
                )}
                {columns.map(({ name, label, figures }) => (
                  <th key={name} scope="col" class={figures ? 'figures' : ''}>
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr
                  key={row.id}
                  class={quiet?.(row) ? 'over' : ''}
                  aria-selected={ticks ? Boolean(ticked?.has(row.id)) : undefined}
                  data-row={row.id}
                >
                  {ticks && (
                    <td class="tickCell">
                      <input
                        type="checkbox"
                        aria-label={t('roster.tick', { name: nameOf(row) })}
                        checked={Boolean(ticked?.has(row.id))}
                        onChange={() => ticks.toggle(row.id)}
                      />
                    </td>
                  )}
                  {columns.map(({ name, label, figures, cell }) => (
                    <td
                      key={name}
                      class={`${name}Cell${figures ? ' figures numbers' : ''}`}
                      data-label={label}
                    >
                      {cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {rows.length === 0 && loading && (
          <div class="skeleton" role="status" aria-label={t('loading')}>
            <span />
            <span />
            <span />
            <span />
          </div>
        )}
        {rows.length === 0 && !loading && !problem && <div class="nothing">{empty}</div>}
      </div>
      {(rows.length > 0 || list.more.value) && (
        <footer class="listFoot">
          <span class="muted">
            {t(list.more.value ? 'desk.shownMore' : 'desk.shown', { count: rows.length })}
          </span>
          {list.more.value && (
            <button class="button" type="button" disabled={loading} onClick={() => list.readMore()}>
              {loading ? t('loading') : t('list.more')}
            </button>
          )}
        </footer>
      )}
    </>
  );
}

/** What can be done with the ticked rows; there only while some are. */
export function TickBar({
  count,
  onClear,
  children,
}: {
  count: number;
  onClear: () => void;
  children: ComponentChildren;
}) {
  if (count === 0) return null;
  return (
    <div class="tickBar" role="toolbar" aria-label={t('roster.ticked', { count })} data-testid="tick-bar">
      <strong>{t('roster.ticked', { count })}</strong>
      {children}
      <button class="button plain small" type="button" onClick={onClear}>
        {t('roster.clearTicks')}
      </button>
    </div>
  );
}
