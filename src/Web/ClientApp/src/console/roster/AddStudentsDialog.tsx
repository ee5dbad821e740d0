import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RegisteredMany, Session, Student } from '../../shared/wire';
import { Ticks } from '../session/ticks';
import { CloseForm } from '../shell/CloseForm';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { t } from '../text';
import { useAsk } from './ask';
import { Outcome } from './Outcome';
import { PagedList, pathOf } from './pagedList';
import { listName } from './people';
import { SearchField } from './SearchField';
import { useGroups } from './useGroups';

interface AddStudentsDialogProps {
  session: Session;
  onClose: () => void;
  onDone: () => void;
}

/** Registers students to a session: those found and ticked, or a whole group. */
export function AddStudentsDialog({ session, onClose, onDone }: AddStudentsDialogProps) {
  const list = useMemo(() => new PagedList<Student>(), []);
  const ticks = useMemo(() => new Ticks(), []);
  const [groups] = useGroups();
  const [search, setSearch] = useState('');
  const [groupId, setGroupId] = useState('');
  const [testCode, setTestCode] = useState(session.tests[0]?.code ?? '');
  const { ask, answer, problem, working } = useAsk<RegisteredMany>();
  useEffect(() => {
    if (!groupId) void list.show(pathOf('/students', { search }));
  }, [search, groupId]);
  const group = groups.find(({ id }) => id === groupId);
  const count = group ? group.size : ticks.ids.value.size;

  const submit = async (event: Event) => {
    event.preventDefault();
    const to = { testCode, sessionId: session.id };
    const registered = group
      ? await ask('POST', `/groups/${group.id}/register`, to)
      : await ask('POST', '/registrations/bulk', { studentIds: [...ticks.ids.value], ...to });
    if (registered) onDone();
  };

  return (
    <Dialog
      title={t('people.addTo', { name: session.name })}
      onClose={onClose}
      size="large"
      testId="add-students-dialog"
    >
      {answer ? (
        <CloseForm onClose={onClose}>
          <Outcome answer={answer} done="registered" />
        </CloseForm>
      ) : (
        <form class="form" onSubmit={submit}>
          <Mends problem={problem} fields={['testCode']} />
          <div class="pair">
            <Field label={t('people.whoToAdd')} name="groupId" problem={problem}>
              {(given) => (
                <select
                  {...given}
                  class="input"
                  value={groupId}
                  onChange={(event) => setGroupId(event.currentTarget.value)}
                >
                  <option value="">{t('people.someStudents')}</option>
                  {groups.map(({ id, name, size }) => (
                    <option key={id} value={id}>
                      {t('people.theGroup', { name, count: size })}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={t('people.test')} name="testCode" problem={problem}>
              {(given) => (
                <select
                  {...given}
                  class="input"
                  value={testCode}
                  onChange={(event) => setTestCode(event.currentTarget.value)}
                >
                  {session.tests.map(({ code, title }) => (
                    <option key={code} value={code}>
                      {title}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
          {!group && (
            <fieldset class="field">
              <legend class="visually-hidden">{t('nav.students')}</legend>
              <SearchField label={t('people.search')} value={search} onSearch={setSearch} autofocus />
              <div class="pickList" data-testid="student-choice">
                {list.rows.value.map((student) => (
                  <label class="pick" key={student.id}>
                    <input
                      type="checkbox"
                      checked={ticks.ids.value.has(student.id)}
                      onChange={() => ticks.toggle(student.id)}
                    />
                    <span>
                      <strong>{listName(student)}</strong>
                      <span class="hint">{[student.externalId, ...student.groups].join(' · ')}</span>
                    </span>
                  </label>
                ))}
                {list.more.value && (
                  <button class="button plain small" type="button" onClick={() => list.readMore()}>
                    {t('list.more')}
                  </button>
                )}
                {!list.loading.value && list.rows.value.length === 0 && (
                  <p class="hint">{t('people.noMatch')}</p>
                )}
              </div>
            </fieldset>
          )}
          <footer class="dialogEnd">
            <button class="button" type="button" onClick={onClose}>
              {t('cancel')}
            </button>
            <button class="button primary" type="submit" disabled={working || count === 0}>
              {count === 0 ? t('people.register') : t('people.registerCount', { count })}
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}
