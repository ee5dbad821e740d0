import { useEffect, useRef, useState } from 'preact/hooks';
import { call, newIdempotencyKey } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { Import } from '../../shared/wire';
import { problemText } from '../problemText';
import { onLink, type Route, writeRoute } from '../route';
import { noFilter } from '../sessions/listFilter';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { ApplyNotice } from './ApplyNotice';
import { ImportRows } from './ImportRows';
import { changing, isAtWork, reportOf } from './importApi';
import { stateLook } from './words';

const lookEvery = 500;

/** One import: what it would do, its progress, and what it did. */
export function ImportView({ id }: { id: string }) {
  const [item, setItem] = useState<Import | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    let gone = false;
    let timer = 0;
    const look = async () => {
      const answer = await call<Import>('GET', `/imports/${encodeURIComponent(id)}`);
      if (gone) return;
      setProblem(answer.ok ? null : answer.problem);
      if (answer.ok) setItem(answer.value);
      // An answer that did not come is asked for again; one that says "not found" is not.
      if (answer.ok ? isAtWork(answer.value) : answer.problem.retry)
        timer = window.setTimeout(look, lookEvery);
    };
    void look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [id, item?.state]);

  // A second press before the answer to the first is the same wish.
  const acting = useRef(false);
  const act = async (what: 'apply' | 'cancel', notify: boolean | null = null) => {
    if (acting.current) return;
    acting.current = true;
    const answer = await call<Import>('POST', `/imports/${encodeURIComponent(id)}/${what}`, {
      body: what === 'apply' ? { notify } : undefined,
      idempotencyKey: newIdempotencyKey(),
    });
    acting.current = false;
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) setItem(answer.value);
  };

  return (
    <section class="importView" data-testid="import" data-state={item?.state}>
      {problem && (
        <p class="notice bad" role="alert">
          <Icon name="alert" />
          <span>{problemText(problem)}</span>
        </p>
      )}
      {!item && !problem && <p class="muted">{t('loading')}</p>}
      {item && (
        <>
          <Summary item={item} act={act} />
          {item.remarks.length > 0 && (
            <div class="notice warn" data-testid="import-remarks">
              <Icon name="alert" />
              <div>
                <strong>{t('imports.remarks')}</strong>
                <ul>
                  {item.remarks.map((remark) => (
                    <li key={remark}>{remark}</li>
                  ))}
                </ul>
              </div>
            </div>
          )}
          {!isAtWork(item) && item.rows > 0 && item.state !== 'failed' && (
            <ImportRows key={item.state} item={item} />
          )}
        </>
      )}
    </section>
  );
}

type Act = (what: 'apply' | 'cancel', notify?: boolean | null) => void;

function Summary({ item, act }: { item: Import; act: Act }) {
  const look = stateLook[item.state];
  const toDo = changing(item);
  const [notify, setNotify] = useState<boolean | null>(null);
  const [missing, setMissing] = useState(false);
  const asks = item.state === 'previewed' && item.notice;
  const apply = () => {
    setMissing(Boolean(asks) && notify === null);
    if (!asks || notify !== null) act('apply', notify);
  };
  return (
    <div class="card importSummary">
      <div class="importTitle">
        <h2>{item.fileName}</h2>
        <span class="muted">{t(`imports.kind.${item.kind}`)}</span>
        <span class={`badge ${look.tone}`} data-testid="import-state">
          <Icon name={look.icon} />
          {t(`imports.state.${item.state}`)}
        </span>
      </div>
      <div role="status">
        <Standing item={item} toDo={toDo} />
      </div>
      {asks && (
        <ApplyNotice
          notice={asks}
          value={notify}
          missing={missing}
          onChange={(choice) => {
            setNotify(choice);
            setMissing(false);
          }}
        />
      )}
      <div class="importActions">
        {item.state === 'previewed' && (
          <button
            class="button primary"
            type="button"
            disabled={toDo === 0}
            onClick={apply}
            data-testid="import-apply"
          >
            {toDo === 0 ? t('imports.nothing') : t('imports.apply', { count: toDo })}
          </button>
        )}
        {(item.state === 'previewed' || isAtWork(item)) && (
          <button class="button" type="button" onClick={() => act('cancel')} data-testid="import-cancel">
            {t(item.state === 'previewed' ? 'imports.discard' : 'imports.cancel')}
          </button>
        )}
        {item.state === 'applied' && <SeeList kind={item.kind} />}
        {item.state !== 'reading' && item.state !== 'failed' && item.rows > 0 && (
          <span class="templates">
            <span class="muted">{t('imports.report')}</span>
            {(['xlsx', 'csv'] as const).map((type) => (
              <a key={type} href={reportOf(item.id, type)} download data-testid={`report-${type}`}>
                <Icon name="download" /> {`.${type}`}
              </a>
            ))}
          </span>
        )}
      </div>
    </div>
  );
}

/** Where what was imported is listed. */
function SeeList({ kind }: { kind: Import['kind'] }) {
  const to: Route =
    kind === 'sessions'
      ? { page: 'list', filter: noFilter }
      : { page: 'desk', desk: kind === 'oneRoster' ? 'students' : kind, query: {} };
  return (
    <a class="button" href={writeRoute(to)} data-testid="import-see" onClick={(event) => onLink(event, to)}>
      {t(`imports.see.${kind}`)}
    </a>
  );
}

function Standing({ item, toDo }: { item: Import; toDo: number }) {
  if (isAtWork(item)) {
    return item.rows === 0 ? (
      <p class="importProgress">
        <progress aria-label={t('imports.reading')} />
        <span>{t('imports.reading')}</span>
      </p>
    ) : (
      <p class="importProgress">
        <progress max={item.rows} value={item.done} aria-label={t(`imports.state.${item.state}`)} />
        <span class="numbers">
          {t('imports.progress', {
            done: item.done.toLocaleString('en'),
            rows: item.rows.toLocaleString('en'),
          })}
        </span>
      </p>
    );
  }
  switch (item.state) {
    case 'failed':
      return (
        <p class="notice bad" data-testid="import-problem">
          <Icon name="alert" />
          <span>{item.problem?.detail}</span>
        </p>
      );
    case 'cancelled':
      return (
        <p class="muted">
          {changing(item) > 0 && item.done > 0
            ? t('imports.stopped', { done: item.done, rows: item.rows })
            : t('imports.discarded')}
        </p>
      );
    case 'applied':
      return (
        <p>
          {t('imports.appliedAll', { count: toDo })}
          {item.notice && ` ${t(item.notify ? 'imports.notice.told' : 'imports.notice.untold')}`}
        </p>
      );
    default:
      return item.counts.reject > 0 ? (
        <p class="rejectNote">{t('imports.rejectedStay', { count: item.counts.reject })}</p>
      ) : null;
  }
}
