import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { Session, SessionListRow } from '../../shared/wire';
import { mySelf } from '../account/me';
import { connected, now } from '../hub';
import { ImportButton } from '../imports/ImportButton';
import { problemText } from '../problemText';
import { go } from '../route';
import { mayArrange, mayManage } from '../session/phaseRules';
import { Ticks } from '../session/ticks';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { Calendar } from './calendar/Calendar';
import { DeleteDialog } from './DeleteDialog';
import { EmptyList } from './EmptyList';
import { ListFilters } from './ListFilters';
import { isFiltered, type ListFilter, unfiltered } from './listFilter';
import { type ListActions, listenToListKeys } from './listKeys';
import { SessionListModel } from './listModel';
import { RehearsalButton } from './RehearsalButton';
import { SessionDialog } from './SessionDialog';
import { SessionRows } from './SessionRows';
import { TickBar } from './TickBar';
import { ViewSwitch } from './ViewSwitch';

type Open =
  | { kind: 'create' }
  | { kind: 'edit' | 'duplicate'; session: Session }
  | { kind: 'delete'; rows: readonly SessionListRow[] };

export function SessionList({ filter }: { filter: ListFilter }) {
  const model = useMemo(() => new SessionListModel(), []);
  const ticks = useMemo(() => new Ticks(), []);
  const [open, setOpen] = useState<Open | null>(null);
  const role = mySelf.value?.role ?? 'observer';
  const arrange = mayArrange(role);
  const manage = mayManage(role);
  const listed = filter.view === 'list';
  const key = JSON.stringify({ ...filter, view: 'list', day: '', zone: '' });

  useEffect(() => {
    document.title = `${t('list.title')} – ${t('product')}`;
    return () => model.close();
  }, []);
  useEffect(() => {
    if (listed) model.show(filter);
  }, [key, listed]);

  const change = (part: Partial<ListFilter>) => go({ page: 'list', filter: { ...filter, ...part } }, true);
  const rows = model.rows.value;
  const ticked = ticks.of(rows);
  const problem = model.problem.value;
  const loading = model.loading.value;
  const empty = listed && !loading && !problem && rows.length === 0;
  const first = empty && !isFiltered(filter);
  const create = () => setOpen({ kind: 'create' });

  const read = async (kind: 'edit' | 'duplicate', id: string | undefined) => {
    if (!arrange || !id) return;
    const answer = await call<Session>('GET', `/sessions/${id}`);
    if (answer.ok) setOpen({ kind, session: answer.value });
    else toast(problemText(answer.problem), { tone: 'bad' });
  };
  const one = (focused: string | null) => focused ?? (ticked.length === 1 ? ticked[0]?.id : undefined);
  const actions: ListActions = {
    create: () => arrange && create(),
    remove: (focused) => {
      const chosen = ticked.length > 0 ? ticked : rows.filter(({ id }) => id === focused);
      if (manage && chosen.length > 0) setOpen({ kind: 'delete', rows: chosen });
    },
    edit: (focused) => void read('edit', one(focused)),
    duplicate: (focused) => void read('duplicate', one(focused)),
    toggle: (id) => arrange && ticks.toggle(id),
    clear: () => ticks.clear(),
  };
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => listenToListKeys(() => latest.current), []);

  return (
    <main class="page list" data-testid="session-list">
      <header class="listHead">
        <h1>{t('list.title')}</h1>
        <ViewSwitch
          view={filter.view}
          onChange={(view) => go({ page: 'list', filter: { ...filter, view } })}
        />
        {arrange && !first && (
          <span class="actions">
            <RehearsalButton />
            {manage && <ImportButton kind="sessions" />}
            <button class="button primary" type="button" onClick={create} data-testid="create-session">
              <Icon name="plus" />
              {t('list.create')}
            </button>
          </span>
        )}
      </header>
      {first ? (
        <EmptyList arrange={arrange} onCreate={create} />
      ) : (
        <>
          <ListFilters filter={filter} proctors={manage} onChange={change} />
          {listed ? (
            <>
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
              {ticked.length > 0 && <TickBar ticked={ticked} manage={manage} actions={actions} />}
              <div class={connected.value ? 'card tableCard' : 'card tableCard stale'}>
                <SessionRows
                  rows={rows}
                  filter={filter}
                  now={now.value}
                  ticks={arrange ? ticks : null}
                  onSort={change}
                />
                {loading && rows.length === 0 && <Skeleton />}
                {empty && (
                  <p class="nothing">
                    {t('list.none')}{' '}
                    <button class="button plain" type="button" onClick={() => change(unfiltered)}>
                      {t('list.clear')}
                    </button>
                  </p>
                )}
              </div>
              {rows.length > 0 && (
                <footer class="listFoot">
                  <span class="muted">
                    {t(model.more.value ? 'list.shownMore' : 'list.shown', { count: rows.length })}
                  </span>
                  <span class="muted keysHint">{t(arrange ? 'list.keys' : 'list.keysLook')}</span>
                  {model.more.value && (
                    <button class="button" type="button" disabled={loading} onClick={() => model.readMore()}>
                      {loading ? t('loading') : t('list.more')}
                    </button>
                  )}
                </footer>
              )}
            </>
          ) : (
            <Calendar filter={filter} onChange={change} />
          )}
        </>
      )}
      {open?.kind === 'create' && <SessionDialog onClose={() => setOpen(null)} />}
      {open?.kind === 'edit' && <SessionDialog session={open.session} onClose={() => setOpen(null)} />}
      {open?.kind === 'duplicate' && <SessionDialog like={open.session} onClose={() => setOpen(null)} />}
      {open?.kind === 'delete' && (
        <DeleteDialog
          rows={open.rows}
          onClose={() => setOpen(null)}
          onDeleted={(ids) => {
            ticks.set(
              ids.map((id) => ({ id })),
              false,
            );
            // What moves up from pages not read yet is read now.
            model.retry();
          }}
        />
      )}
    </main>
  );
}

function Skeleton() {
  return (
    <div class="skeleton" role="status" aria-label={t('loading')}>
      {Array.from({ length: 6 }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}
