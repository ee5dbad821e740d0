import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { EntryRow, Registration, Session } from '../../shared/wire';
import { mySelf } from '../account/me';
import { onLink } from '../route';
import { mayManage } from '../session/phaseRules';
import type { Room } from '../session/room';
import { Ticks } from '../session/ticks';
import { Icon } from '../shell/Icon';
import { StateBadge } from '../shell/Status';
import { t } from '../text';
import { AddStudentsDialog } from './AddStudentsDialog';
import { type Arrival, arrivalOf, arrivals } from './arrival';
import { type Column, DeskTable, TickBar } from './DeskTable';
import { PagedList, pathOf } from './pagedList';
import { listName } from './people';
import { CancelDialog, MoveDialog } from './RegistrationDialogs';
import { useInvite } from './RegistrationsPage';
import { SearchField } from './SearchField';

type Open = 'add' | 'move' | 'cancel' | null;

/** Who is registered for the session and who of them has arrived; managers add, move and take away. */
export function SessionRoster({ session, room }: { session: Session; room: Room }) {
  const list = useMemo(() => new PagedList<Registration>(), [session.id]);
  const ticks = useMemo(() => new Ticks(), [session.id]);
  const open = useSignal<Open>(null);
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState<Arrival | 'all'>('all');
  const done = () => void list.reload();
  const invite = useInvite(done);
  const manage = mayManage(mySelf.value?.role ?? 'observer');
  const over = session.phase === 'closed' || session.phase === 'cancelled' || session.phase === 'draining';
  const entries = room.live.entries.value;
  const arrived = entries.size;
  useEffect(
    () => void list.show(pathOf('/registrations', { sessionId: session.id, search })),
    [session.id, search],
  );
  // Whoever joins is tied to a registration: the list knows it only when it is read again.
  useEffect(() => {
    if (list.rows.peek().length > 0) void list.reload();
  }, [arrived]);

  const registered = list.rows.value.filter(({ status }) => status !== 'cancelled');
  const counts = arrivals(registered, entries);
  const rows = registered.filter((row) => shown === 'all' || arrivalOf(row, entries) === shown);
  const ticked = ticks.of(registered);
  const close = () => {
    open.value = null;
  };
  const tickets = { page: 'sheet', sheet: 'tickets', of: session.id, query: {} } as const;

  return (
    <section class="pane rosterPane" id="roster" data-testid="session-roster">
      <header class="rosterHead">
        <SearchField label={t('people.search')} value={search} onSearch={setSearch} />
        <fieldset class="filterTabs">
          <legend class="visually-hidden">{t('filter')}</legend>
          {(['all', 'missing', 'arrived', 'done'] as const).map((kind) => (
            <button
              key={kind}
              class="preset"
              type="button"
              aria-pressed={shown === kind}
              onClick={() => setShown(kind)}
            >
              {t(`arrival.${kind}`)}{' '}
              <span class="numbers">{kind === 'all' ? registered.length : counts[kind]}</span>
            </button>
          ))}
        </fieldset>
        <span class="actions">
          {manage && (
            <a
              class="button small"
              href={`/?page=tickets&of=${session.id}`}
              onClick={(event) => onLink(event, tickets)}
            >
              <Icon name="print" />
              {t('people.tickets')}
            </a>
          )}
          {manage && !over && (
            <button
              class="button small primary"
              type="button"
              data-testid="add-students"
              onClick={() => {
                open.value = 'add';
              }}
            >
              <Icon name="plus" />
              {t('people.addStudents')}
            </button>
          )}
        </span>
      </header>
      {manage && (
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
      )}
      <DeskTable
        caption={t('tab.roster')}
        list={list}
        rows={rows}
        columns={columnsOf(entries)}
        nameOf={({ student }) => listName(student)}
        {...(manage ? { ticks } : {})}
        empty={
          <>
            <Icon name="person" />
            <strong>{t(search || shown !== 'all' ? 'people.noMatch' : 'people.nobodyRegistered')}</strong>
            {!search && shown === 'all' && <span>{t('people.nobodyRegisteredHint')}</span>}
          </>
        }
      />
      {open.value === 'add' && <AddStudentsDialog session={session} onClose={close} onDone={done} />}
      {open.value === 'move' && <MoveDialog registrations={ticked} onClose={close} onDone={done} />}
      {open.value === 'cancel' && <CancelDialog registrations={ticked} onClose={close} onDone={done} />}
    </section>
  );
}

function columnsOf(entries: ReadonlyMap<string, EntryRow>): Column<Registration>[] {
  return [
    {
      name: 'name',
      label: t('people.name'),
      cell: ({ student }) => <strong class="cellName">{listName(student)}</strong>,
    },
    { name: 'externalId', label: t('people.externalId'), cell: ({ student }) => student.externalId },
    { name: 'userId', label: t('people.userId'), cell: ({ userId }) => <span class="mono">{userId}</span> },
    { name: 'test', label: t('people.test'), cell: ({ testTitle }) => testTitle },
    {
      name: 'status',
      label: t('arrival.column'),
      cell: ({ entryId }) => {
        const entry = entryId ? entries.get(entryId) : undefined;
        return entry ? <StateBadge state={entry.state} /> : <span class="muted">{t('arrival.missing')}</span>;
      },
    },
  ];
}
