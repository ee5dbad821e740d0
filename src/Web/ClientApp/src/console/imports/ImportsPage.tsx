import { useEffect, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { Import, Page } from '../../shared/wire';
import { problemText } from '../problemText';
import { go, onLink, type Query, type Route, writeRoute } from '../route';
import { shownIn } from '../sessions/zones';
import { Desk } from '../shell/Desk';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { ImportForm } from './ImportForm';
import { ImportView } from './ImportView';
import { stateLook } from './words';

export function ImportsPage({ query }: { query: Query }) {
  return query.of ? (
    <Desk
      desk="imports"
      actions={
        <a class="button" href={writeRoute(all)} onClick={(event) => onLink(event, all)}>
          <Icon name="back" /> {t('imports.back')}
        </a>
      }
    >
      <ImportView key={query.of} id={query.of} />
    </Desk>
  ) : (
    <Desk desk="imports">
      <section class="card importCard">
        <h2>{t('imports.new')}</h2>
        <ImportForm onStarted={(item) => go(routeOf(item))} />
      </section>
      <Earlier />
    </Desk>
  );
}

const all: Route = { page: 'desk', desk: 'imports', query: {} };

function routeOf(item: Import): Route {
  return { page: 'desk', desk: 'imports', query: { of: item.id } };
}

function Earlier() {
  const [items, setItems] = useState<readonly Import[] | null>(null);
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const read = async (cursor = '') => {
    const answer = await call<Page<Import>>(
      'GET',
      `/imports?limit=20${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    if (!answer.ok) return setProblem(answer.problem);
    setProblem(null);
    setItems((before) => [...(cursor ? (before ?? []) : []), ...answer.value.items]);
    setNext(answer.value.next ?? '');
  };
  useEffect(() => {
    void read();
  }, []);

  return (
    <section class="importList" aria-labelledby="earlier-imports">
      <h2 id="earlier-imports">{t('imports.earlier')}</h2>
      {problem && (
        <p class="notice bad" role="alert">
          <Icon name="alert" />
          <span>{problemText(problem)}</span>
          <button class="button small" type="button" onClick={() => read()}>
            {t('retry')}
          </button>
        </p>
      )}
      {!items && !problem && <p class="muted">{t('loading')}</p>}
      {items?.length === 0 && <p class="muted">{t('imports.none')}</p>}
      {items && items.length > 0 && (
        <div class="tableScroll">
          <table class="importTable">
            <thead>
              <tr>
                {(['file', 'kind', 'state', 'rows', 'by', 'when'] as const).map((column) => (
                  <th key={column} scope="col" class={column === 'rows' ? 'rowNumber' : ''}>
                    {t(`imports.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <EarlierRow key={item.id} item={item} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next && (
        <button class="button" type="button" onClick={() => read(next)}>
          {t('imports.more')}
        </button>
      )}
    </section>
  );
}

function EarlierRow({ item }: { item: Import }) {
  const look = stateLook[item.state];
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  return (
    <tr>
      <td>
        <a href={writeRoute(routeOf(item))} onClick={(event) => onLink(event, routeOf(item))}>
          {item.fileName}
        </a>
      </td>
      <td>{t(`imports.kind.${item.kind}`)}</td>
      <td>
        <span class={`badge ${look.tone}`}>
          <Icon name={look.icon} />
          {t(`imports.state.${item.state}`)}
        </span>
      </td>
      <td class="rowNumber">{item.rows.toLocaleString('en')}</td>
      <td>{item.by.name}</td>
      <td class="numbers">{shownIn(Date.parse(item.createdAt), zone, Date.now())}</td>
    </tr>
  );
}
