import { useEffect, useMemo, useState } from 'preact/hooks';
import { call, newIdempotencyKey } from '../../shared/api';
import type { MailState, MailsAnswer, OutboxMail, OutboxSummary } from '../../shared/wire';
import { now } from '../hub';
import { problemText } from '../problemText';
import { type Column, DeskTable, TickBar } from '../roster/DeskTable';
import { PagedList, pathOf } from '../roster/pagedList';
import { SearchField } from '../roster/SearchField';
import { go, onLink, type Query } from '../route';
import { Ticks } from '../session/ticks';
import { ownZone, shownIn } from '../sessions/zones';
import { Desk } from '../shell/Desk';
import { Icon } from '../shell/Icon';
import { spanOf } from '../shell/span';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { LanguageChoice } from './LanguageChoice';
import { MailBadge, mailStates } from './MailBadge';
import { isUnderWay, maySend, maySettle, tally } from './mailRules';

/** How often the list is read again while something on it is under way. */
const lookAgain = 5000;

/** What students were told by mail, and what became of it. */
export function MailPage({ query }: { query: Query }) {
  const list = useMemo(() => new PagedList<OutboxMail>(), []);
  const ticks = useMemo(() => new Ticks(), []);
  const [summary, setSummary] = useState<OutboxSummary | null>(null);
  const path = pathOf('/outbox', { state: query.state, search: query.search, sessionId: query.sessionId });

  const readSummary = async () => {
    const answer = await call<OutboxSummary>('GET', '/outbox/summary');
    if (answer.ok) setSummary(answer.value);
  };
  useEffect(() => void list.show(path), [path]);
  useEffect(() => void readSummary(), []);
  const rows = list.rows.value;
  const moving = rows.some(({ state }) => isUnderWay(state));
  useEffect(() => {
    if (!moving) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void Promise.all([list.reload(), readSummary()]);
    }, lookAgain);
    return () => clearInterval(timer);
  }, [moving]);

  const filter = (part: Query) => go({ page: 'desk', desk: 'mail', query: { ...query, ...part } }, true);
  const decide = async (action: 'send-again' | 'arrived', chosen: readonly OutboxMail[]) => {
    const answer = await call<MailsAnswer>('POST', `/outbox/${action}`, {
      body: { ids: chosen.map(({ id }) => id) },
      idempotencyKey: newIdempotencyKey(),
    });
    if (!answer.ok) return toast(problemText(answer.problem), { tone: 'bad' });
    const { done, skipped } = tally(answer.value.results, action === 'arrived' ? 'arrived' : 'sending');
    const said = [
      done > 0 ? t(action === 'arrived' ? 'mail.noted' : 'mail.sending', { count: done }) : '',
      skipped > 0 ? t('mail.skipped', { count: skipped }) : '',
    ];
    toast(said.filter(Boolean).join(' '));
    ticks.clear();
    await Promise.all([list.reload(), readSummary()]);
  };

  const ticked = ticks.of(rows);
  const sendable = ticked.filter(({ state }) => maySend(state));
  const settleable = ticked.filter(({ state }) => maySettle(state));
  const filtered = Boolean(query.state || query.search || query.sessionId);

  return (
    <Desk desk="mail">
      <p class="muted lead">{t('mail.lead')}</p>
      {summary && <Whereabouts summary={summary} onShow={(state) => filter({ state })} />}
      <search class="filters">
        <SearchField
          label={t('mail.search')}
          value={query.search ?? ''}
          onSearch={(search) => filter({ search })}
        />
        <select
          class="input"
          aria-label={t('mail.state')}
          value={query.state ?? ''}
          data-testid="mail-state"
          onChange={(event) => filter({ state: event.currentTarget.value })}
        >
          <option value="">{t('mail.all')}</option>
          {mailStates.map((state) => (
            <option key={state} value={state}>
              {t(`mailState.${state}`)}
              {summary?.counts[state] ? ` (${summary.counts[state]})` : ''}
            </option>
          ))}
        </select>
        {query.sessionId && (
          <button class="filterChip" type="button" onClick={() => filter({ sessionId: '' })}>
            {rows[0]?.sessionName ?? t('mail.ofSession')}
            <Icon name="close" />
            <span class="visually-hidden">{t('mail.allSessions')}</span>
          </button>
        )}
        {summary && (
          <LanguageChoice
            value={summary.language}
            onChosen={(language) => setSummary({ ...summary, language })}
          />
        )}
      </search>
      <TickBar count={ticked.length} onClear={() => ticks.clear()}>
        <button
          class="button small"
          type="button"
          disabled={sendable.length === 0}
          data-testid="send-again"
          onClick={() => void decide('send-again', sendable)}
        >
          {t('mail.sendAgain')}
        </button>
        <button
          class="button small"
          type="button"
          disabled={settleable.length === 0}
          data-testid="arrived"
          onClick={() => void decide('arrived', settleable)}
        >
          {t('mail.arrived')}
        </button>
      </TickBar>
      <DeskTable
        caption={t('mail.title')}
        list={list}
        columns={columns}
        nameOf={({ studentName }) => studentName}
        ticks={ticks}
        quiet={({ state }) => state === 'superseded'}
        empty={
          filtered ? (
            <>
              <strong>{t('mail.nothing')}</strong>
              <button
                class="button plain"
                type="button"
                onClick={() => go({ page: 'desk', desk: 'mail', query: {} }, true)}
              >
                {t('mail.clear')}
              </button>
            </>
          ) : (
            <>
              <Icon name="message" />
              <strong>{t('mail.none')}</strong>
              <span>{t('mail.noneHint')}</span>
            </>
          )
        }
      />
    </Desk>
  );
}

/** Where mails go, and what somebody should look at. */
function Whereabouts({ summary, onShow }: { summary: OutboxSummary; onShow: (state: MailState) => void }) {
  const { delivery, counts } = summary;
  const loud = (['unconfirmed', 'failed'] as const).filter((state) => (counts[state] ?? 0) > 0);
  return (
    <>
      {delivery.kind === 'files' ? (
        <p class="notice warn" data-testid="mail-files">
          <Icon name="alert" />
          <span>{t('mail.files', { place: delivery.place })}</span>
        </p>
      ) : (
        <p class="muted" data-testid="mail-smtp">
          {t('mail.smtp', { place: delivery.place, from: delivery.from })}
        </p>
      )}
      {loud.map((state) => (
        <p key={state} class={`notice ${state === 'failed' ? 'bad' : 'warn'}`} role="alert">
          <Icon name="alert" />
          <span>{t(`mail.${state}`, { count: counts[state] ?? 0 })}</span>
          <button class="button small" type="button" onClick={() => onShow(state)}>
            {t('mail.show')}
          </button>
        </p>
      ))}
    </>
  );
}

const columns: Column<OutboxMail>[] = [
  {
    name: 'name',
    label: t('mail.student'),
    cell: ({ studentName, recipient }) => (
      <span class="mailTo">
        <strong class="cellName">{studentName}</strong>
        <span class="muted">{recipient || t('mail.noAddress')}</span>
      </span>
    ),
  },
  {
    name: 'about',
    label: t('mail.about'),
    cell: (mail) => (
      <span class="mailTo">
        <span>{t(`mail.kind.${mail.kind}`)}</span>
        <InSession mail={mail} />
      </span>
    ),
  },
  { name: 'status', label: t('mail.state'), cell: ({ state }) => <MailBadge state={state} /> },
  {
    name: 'answer',
    label: t('mail.answer'),
    cell: (mail) => (
      <span class="mailTo">
        <span>{mail.reply}</span>
        <Tries mail={mail} />
      </span>
    ),
  },
  {
    name: 'at',
    label: t('mail.when'),
    cell: ({ createdAt, askedBy }) => (
      <span class="mailTo">
        <span class="numbers">{shownIn(Date.parse(createdAt), ownZone(), now.value)}</span>
        <span class="muted">{t('mail.asked', { name: askedBy })}</span>
      </span>
    ),
  },
];

function Tries({ mail }: { mail: OutboxMail }) {
  if (mail.state !== 'waiting' || mail.attempts === 0 || !mail.nextTryAt) return null;
  const wait = Date.parse(mail.nextTryAt) - now.value;
  const when = wait > 1000 ? t('mail.in', { time: spanOf(wait) }) : t('mail.soon');
  return (
    <span class="muted">
      {t('mail.attempts', { count: mail.attempts })}, {t('mail.nextTry', { when })}
    </span>
  );
}

function InSession({ mail: { sessionId: id, sessionName } }: { mail: OutboxMail }) {
  if (!id) return <span class="muted">{t('mail.anyTime')}</span>;
  return (
    <a
      class="cellLink plainLink"
      href={`/?session=${id}&tab=roster`}
      onClick={(event) => onLink(event, { page: 'session', id, tab: 'roster' })}
    >
      {sessionName}
    </a>
  );
}
