import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { mySelf } from '../account/me';
import { connected, now } from '../hub';
import { problemText } from '../problemText';
import { go } from '../route';
import { mayArrange } from '../session/phaseRules';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { EmptyList } from './EmptyList';
import { isFiltered, type ListFilter, noFilter, phases } from './listFilter';
import { SessionListModel } from './listModel';
import { RehearsalButton } from './RehearsalButton';
import { SessionDialog } from './SessionDialog';
import { SessionRows } from './SessionRows';

export function SessionList({ filter }: { filter: ListFilter }) {
  const model = useMemo(() => new SessionListModel(), []);
  const creating = useSignal(false);
  const arrange = mayArrange(mySelf.value?.role ?? 'observer');
  const key = JSON.stringify(filter);

  useEffect(() => {
    document.title = `${t('list.title')} – ${t('product')}`;
    return () => model.close();
  }, []);
  useEffect(() => model.show(filter), [key]);

  const change = (part: Partial<ListFilter>) => go({ page: 'list', filter: { ...filter, ...part } }, true);
  const rows = model.rows.value;
  const problem = model.problem.value;
  const loading = model.loading.value;
  const empty = !loading && !problem && rows.length === 0;
  const create = () => {
    creating.value = true;
  };

  return (
    <main class="page list" data-testid="session-list">
      <header class="listHead">
        <h1>{t('list.title')}</h1>
        {arrange && !(empty && !isFiltered(filter)) && (
          <span class="actions">
            <RehearsalButton />
            <button class="button primary" type="button" onClick={create} data-testid="create-session">
              <Icon name="plus" />
              {t('list.create')}
            </button>
          </span>
        )}
      </header>
      {empty && !isFiltered(filter) ? (
        <EmptyList arrange={arrange} onCreate={create} />
      ) : (
        <>
          <Filters filter={filter} onChange={change} />
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
          <div class={connected.value ? 'card tableCard' : 'card tableCard stale'}>
            <SessionRows rows={rows} filter={filter} now={now.value} onSort={change} />
            {loading && rows.length === 0 && <Skeleton />}
            {empty && (
              <p class="nothing">
                {t('list.none')}{' '}
                <button class="button plain" type="button" onClick={() => change(noFilter)}>
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
              {model.more.value && (
                <button class="button" type="button" disabled={loading} onClick={() => model.readMore()}>
                  {loading ? t('loading') : t('list.more')}
                </button>
              )}
            </footer>
          )}
        </>
      )}
      {creating.value && (
        <SessionDialog
          onClose={() => {
            creating.value = false;
          }}
        />
      )}
    </main>
  );
}

function Filters({
  filter,
  onChange,
}: {
  filter: ListFilter;
  onChange: (part: Partial<ListFilter>) => void;
}) {
  const [search, setSearch] = useState(filter.search);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setSearch(filter.search), [filter.search]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <search class="filters">
      <span class="searchBox">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          aria-label={t('list.search')}
          placeholder={t('list.search')}
          value={search}
          data-testid="search"
          onInput={(event) => {
            const text = event.currentTarget.value;
            setSearch(text);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => onChange({ search: text }), 200);
          }}
        />
      </span>
      <select
        class="input"
        aria-label={t('list.phase')}
        value={filter.phase ?? ''}
        data-testid="phase-filter"
        onChange={(event) => {
          const wanted = event.currentTarget.value;
          onChange({ phase: phases.find((phase) => phase === wanted) ?? null });
        }}
      >
        <option value="">{t('list.allPhases')}</option>
        {phases.map((phase) => (
          <option key={phase} value={phase}>
            {t(`phase.${phase}`)}
          </option>
        ))}
      </select>
      <label class="check">
        <input
          type="checkbox"
          checked={filter.hidePast}
          data-testid="hide-past"
          onChange={(event) => onChange({ hidePast: event.currentTarget.checked })}
        />
        {t('list.hidePast')}
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={filter.showOld}
          onChange={(event) => onChange({ showOld: event.currentTarget.checked })}
        />
        {t('list.showOld')}
      </label>
    </search>
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
