import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { CatalogueTest, Page, Registration, RegistrationStatus } from '../../shared/wire';
import { now } from '../hub';
import { ImportButton } from '../imports/ImportButton';
import { problemText } from '../problemText';
import { go, onLink, type Query } from '../route';
import { Ticks } from '../session/ticks';
import { shownIn } from '../sessions/zones';
import { Desk } from '../shell/Desk';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { useAsk } from './ask';
import { type Column, DeskTable, TickBar } from './DeskTable';
import { PagedList, pathOf } from './pagedList';
import { listName } from './people';
import { RegistrationBadge } from './RegistrationBadge';
import { CancelDialog, CleanUpDialog, MoveDialog } from './RegistrationDialogs';
import { SearchField } from './SearchField';
import { useGroups } from './useGroups';

export const statuses: readonly RegistrationStatus[] = ['pending', 'started', 'completed', 'cancelled'];
const filters = [
  'search',
  'status',
  'testCode',
  'groupId',
  'sessionId',
  'studentId',
  'withoutSession',
] as const;
type Open = 'move' | 'cancel' | 'cleanUp' | null;

export function RegistrationsPage({ query }: { query: Query }) {
  const list = useMemo(() => new PagedList<Registration>(), []);
  const ticks = useMemo(() => new Ticks(), []);
  const open = useSignal<Open>(null);
  const [tests, setTests] = useState<readonly CatalogueTest[]>([]);
  const [groups] = useGroups();
  const done = () => void list.reload();
  const invite = useInvite(done);
  const path = pathOf('/registrations', Object.fromEntries(filters.map((name) => [name, query[name]])));
  useEffect(() => void list.show(path), [path]);
  useEffect(() => {
    void call<Page<CatalogueTest>>('GET', '/tests').then((read) => {
      if (read.ok) setTests(read.value.items);
    });
  }, []);

  const filter = (part: Query) =>
    go({ page: 'desk', desk: 'registrations', query: { ...query, ...part } }, true);
  const close = () => {
    open.value = null;
  };
  const rows = list.rows.value;
  const ticked = ticks.of(rows);
  const filtered = filters.some((name) => query[name]);

  return (
    <Desk
      desk="registrations"
      actions={
        <>
          <ImportButton kind="registrations" />
          <button
            class="button"
            type="button"
            data-testid="clean-up"
            onClick={() => {
              open.value = 'cleanUp';
            }}
          >
            {t('cleanUp.open')}
          </button>
        </>
      }
    >
      <search class="filters">
        <SearchField
          label={t('people.searchRegistrations')}
          value={query.search ?? ''}
          onSearch={(search) => filter({ search })}
        />
        <select
          class="input"
          aria-label={t('registration.status')}
          value={query.status ?? ''}
          data-testid="status-filter"
          onChange={(event) => filter({ status: event.currentTarget.value })}
        >
          <option value="">{t('registration.any')}</option>
          {statuses.map((status) => (
            <option key={status} value={status}>
              {t(`registration.${status}`)}
            </option>
          ))}
        </select>
        <select
          class="input"
          aria-label={t('people.test')}
          value={query.testCode ?? ''}
          onChange={(event) => filter({ testCode: event.currentTarget.value })}
        >
          <option value="">{t('people.allTests')}</option>
          {tests.map(({ code, title }) => (
            <option key={code} value={code}>
              {title}
            </option>
          ))}
        </select>
        <select
          class="input"
          aria-label={t('people.group')}
          value={query.groupId ?? ''}
          onChange={(event) => filter({ groupId: event.currentTarget.value })}
        >
          <option value="">{t('people.allGroups')}</option>
          {groups.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <label class="check">
          <input
            type="checkbox"
            checked={query.withoutSession === 'true'}
            onChange={(event) =>
              filter({ withoutSession: event.currentTarget.checked ? 'true' : '', sessionId: '' })
            }
          />
          {t('people.withoutSession')}
        </label>
        {query.sessionId && (
          <button class="filterChip" type="button" onClick={() => filter({ sessionId: '' })}>
            {rows.find(({ sessionId }) => sessionId === query.sessionId)?.sessionName ?? t('people.session')}
            <Icon name="close" />
            <span class="visually-hidden">{t('people.clearFilter')}</span>
          </button>
        )}
      </search>
      <TickBar count={ticked.length} onClear={() => ticks.clear()}>
        <button
          class="button small"
          type="button"
          onClick={() => {
            open.value = 'move';
          }}
        >
          {t('people.moveMenu')}
        </button>
        <button class="button small" type="button" onClick={() => void invite(ticked.map(({ id }) => id))}>
          {t('people.invite')}
        </button>
        <button
          class="button small danger"
          type="button"
          onClick={() => {
            open.value = 'cancel';
          }}
        >
          {t('people.cancelMenu')}
        </button>
      </TickBar>
      <DeskTable
        caption={t('nav.registrations')}
        list={list}
        columns={columns}
        nameOf={({ student }) => listName(student)}
        ticks={ticks}
        quiet={({ status }) => status === 'cancelled'}
        empty={
          filtered ? (
            <>
              <strong>{t('people.noRegistrationMatch')}</strong>
              <button
                class="button plain"
                type="button"
                onClick={() => go({ page: 'desk', desk: 'registrations', query: {} }, true)}
              >
                {t('list.clear')}
              </button>
            </>
          ) : (
            <>
              <Icon name="flag" />
              <strong>{t('people.noRegistrations')}</strong>
              <span>{t('people.noRegistrationsHint')}</span>
            </>
          )
        }
      />
      {open.value === 'move' && <MoveDialog registrations={ticked} onClose={close} onDone={done} />}
      {open.value === 'cancel' && <CancelDialog registrations={ticked} onClose={close} onDone={done} />}
      {open.value === 'cleanUp' && <CleanUpDialog onClose={close} onDone={done} />}
    </Desk>
  );
}

/** What became of inviting; of docs/protocol.md section 6. */
interface InvitationAnswer {
  registrations: number;
  mails: number;
  withoutEmail: number;
  already: number;
}

/** Sends invitations to registered students, says what came of it, and has the list read again. */
export function useInvite(onDone: () => void): (ids: readonly string[]) => Promise<void> {
  const { ask, problem } = useAsk<InvitationAnswer>();
  useEffect(() => {
    if (problem) toast(problemText(problem), { tone: 'bad' });
  }, [problem]);
  return async (ids) => {
    const answer = await ask('POST', '/registrations/invite', { ids });
    if (!answer) return;
    const said = [t('people.invited', { count: answer.mails - answer.withoutEmail })];
    if (answer.withoutEmail > 0) said.push(t('people.invitedNoEmail', { count: answer.withoutEmail }));
    if (answer.already > 0) said.push(t('people.invitedAlready', { count: answer.already }));
    toast(said.join(' '));
    onDone();
  };
}

const columns: Column<Registration>[] = [
  {
    name: 'name',
    label: t('people.name'),
    cell: ({ student }) => (
      <>
        <strong class="cellName">{listName(student)}</strong> <span class="muted">{student.externalId}</span>
      </>
    ),
  },
  { name: 'test', label: t('people.test'), cell: ({ testTitle }) => testTitle },
  {
    name: 'session',
    label: t('people.session'),
    cell: (registration) => <InSession registration={registration} />,
  },
  {
    name: 'status',
    label: t('registration.status'),
    cell: ({ status }) => <RegistrationBadge status={status} />,
  },
  {
    name: 'invited',
    label: t('people.invitedAt'),
    cell: ({ invitedAt }) =>
      invitedAt ? (
        shownIn(Date.parse(invitedAt), Intl.DateTimeFormat().resolvedOptions().timeZone, now.value)
      ) : (
        <span class="muted">{t('none')}</span>
      ),
  },
];

function InSession({ registration }: { registration: Registration }) {
  const { sessionId: id, sessionName, opensAt, timeZone } = registration;
  if (!id) return <span class="muted">{t('people.anyTime')}</span>;
  return (
    <>
      <a
        class="cellLink plainLink"
        href={`/?session=${id}&tab=roster`}
        onClick={(event) => onLink(event, { page: 'session', id, tab: 'roster' })}
      >
        {sessionName}
      </a>{' '}
      {opensAt && timeZone && (
        <span class="muted numbers">{shownIn(Date.parse(opensAt), timeZone, now.value)}</span>
      )}
    </>
  );
}
