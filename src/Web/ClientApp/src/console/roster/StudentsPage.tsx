import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Group, Student } from '../../shared/wire';
import { ImportButton } from '../imports/ImportButton';
import { problemText } from '../problemText';
import { go, type Query } from '../route';
import { Ticks } from '../session/ticks';
import { Desk } from '../shell/Desk';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { useAsk } from './ask';
import { type Column, DeskTable, TickBar } from './DeskTable';
import { IntoGroupDialog } from './GroupDialog';
import { PagedList, pathOf, readAll } from './pagedList';
import { listName } from './people';
import { RegisterDialog } from './RegisterDialog';
import { SearchField } from './SearchField';
import { StudentDialog } from './StudentDialog';
import { useGroups } from './useGroups';

type Open = { kind: 'student'; student?: Student } | { kind: 'register' } | { kind: 'group' } | null;

export function StudentsPage({ query }: { query: Query }) {
  const list = useMemo(() => new PagedList<Student>(), []);
  const ticks = useMemo(() => new Ticks(), []);
  const open = useSignal<Open>(null);
  const { ask, problem: refused, working } = useAsk<Group>();
  useEffect(() => {
    if (refused) toast(problemText(refused), { tone: 'bad' });
  }, [refused]);
  const [groups, readGroups] = useGroups();
  const { search = '', group = '' } = query;
  useEffect(() => void list.show(pathOf('/students', { search, group })), [search, group]);

  const filter = (part: Query) => go({ page: 'desk', desk: 'students', query: { ...query, ...part } }, true);
  const close = () => {
    open.value = null;
  };
  const changed = () => {
    void list.reload();
    readGroups();
  };
  const ticked = ticks.of(list.rows.value);
  const inGroup = groups.find(({ id }) => id === group);
  const takeOut = async (from: Group) => {
    const members = await readAll<Student>(`/groups/${from.id}/students`);
    if ('problem' in members) return toast(problemText(members.problem), { tone: 'bad' });
    const out = new Set(ticked.map(({ id }) => id));
    const studentIds = members.rows.map(({ id }) => id).filter((id) => !out.has(id));
    if (!(await ask('PUT', `/groups/${from.id}`, { name: from.name, studentIds }, from.version))) return;
    toast(t('people.takenOut', { name: from.name, count: out.size }));
    ticks.clear();
    changed();
  };
  const columns: Column<Student>[] = [
    {
      name: 'name',
      label: t('people.name'),
      cell: (student) => (
        <button
          class="cellButton"
          type="button"
          onClick={() => {
            open.value = { kind: 'student', student };
          }}
        >
          {listName(student)}
        </button>
      ),
    },
    { name: 'externalId', label: t('people.externalId'), cell: ({ externalId }) => externalId },
    { name: 'userId', label: t('people.userId'), cell: ({ userId }) => <span class="mono">{userId}</span> },
    { name: 'groups', label: t('people.groups'), cell: (student) => student.groups.join(', ') || t('none') },
    {
      name: 'email',
      label: t('people.email'),
      cell: ({ email }) => email || <span class="muted">{t('people.noEmail')}</span>,
    },
  ];

  return (
    <Desk
      desk="students"
      actions={
        <>
          <ImportButton kind="students" />
          <button
            class="button primary"
            type="button"
            data-testid="add-student"
            onClick={() => {
              open.value = { kind: 'student' };
            }}
          >
            <Icon name="plus" />
            {t('people.addStudent')}
          </button>
        </>
      }
    >
      <search class="filters">
        <SearchField
          label={t('people.search')}
          value={search}
          onSearch={(text) => filter({ search: text })}
        />
        <select
          class="input"
          aria-label={t('people.group')}
          value={group}
          data-testid="group-filter"
          onChange={(event) => filter({ group: event.currentTarget.value })}
        >
          <option value="">{t('people.allGroups')}</option>
          {groups.map(({ id, name, size }) => (
            <option key={id} value={id}>
              {name} ({size})
            </option>
          ))}
        </select>
      </search>
      <TickBar count={ticked.length} onClear={() => ticks.clear()}>
        <button
          class="button small"
          type="button"
          onClick={() => {
            open.value = { kind: 'register' };
          }}
        >
          {t('people.registerMenu')}
        </button>
        <button
          class="button small"
          type="button"
          onClick={() => {
            open.value = { kind: 'group' };
          }}
        >
          {t('people.groupMenu')}
        </button>
        {inGroup && (
          <button class="button small" type="button" disabled={working} onClick={() => void takeOut(inGroup)}>
            {t('people.takeOut', { name: inGroup.name })}
          </button>
        )}
      </TickBar>
      <DeskTable
        caption={t('nav.students')}
        list={list}
        columns={columns}
        nameOf={listName}
        ticks={ticks}
        empty={
          search || group ? (
            <>
              <strong>{t('people.noMatch')}</strong>
              <button class="button plain" type="button" onClick={() => filter({ search: '', group: '' })}>
                {t('list.clear')}
              </button>
            </>
          ) : (
            <>
              <Icon name="person" />
              <strong>{t('people.noStudents')}</strong>
              <span>{t('people.noStudentsHint')}</span>
            </>
          )
        }
      />
      {open.value?.kind === 'student' && (
        <StudentDialog
          {...(open.value.student ? { student: open.value.student } : {})}
          groupNames={groups.map(({ name }) => name)}
          onClose={close}
          onDone={changed}
        />
      )}
      {open.value?.kind === 'register' && (
        <RegisterDialog who={{ studentIds: ticked.map(({ id }) => id) }} onClose={close} onDone={() => {}} />
      )}
      {open.value?.kind === 'group' && (
        <IntoGroupDialog studentIds={ticked.map(({ id }) => id)} onClose={close} onDone={changed} />
      )}
    </Desk>
  );
}
