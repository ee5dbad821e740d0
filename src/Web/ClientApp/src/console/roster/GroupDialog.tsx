import { useEffect, useState } from 'preact/hooks';
import type { Group, Student } from '../../shared/wire';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { SureNotice } from '../shell/SureNotice';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { useAsk } from './ask';
import { readAll } from './pagedList';

/** Makes a group, or renames or removes the one given. */
export function GroupDialog({
  group,
  onClose,
  onDone,
}: {
  group?: Group;
  onClose: () => void;
  onDone: () => void;
}) {
  const [name, setName] = useState(group?.name ?? '');
  const [removing, setRemoving] = useState(false);
  const { ask, problem, setProblem, working } = useAsk<Group>(onDone);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (!name.trim())
      return setProblem({ code: 'invalid', detail: '', errors: { name: [t('people.groupNameMissing')] } });
    const saved = group
      ? await ask('PUT', `/groups/${group.id}`, { name: name.trim() }, group.version)
      : await ask('POST', '/groups', { name: name.trim(), studentIds: [] });
    if (!saved) return;
    onDone();
    onClose();
  };
  const remove = async () => {
    if (!group || !(await ask('DELETE', `/groups/${group.id}`, undefined, group.version))) return;
    toast(t('people.groupRemoved', { name: group.name }));
    onDone();
    onClose();
  };

  return (
    <Dialog
      title={group ? t('people.editGroup') : t('people.addGroup')}
      onClose={onClose}
      testId="group-dialog"
    >
      <form class="form" onSubmit={submit}>
        <Mends
          problem={problem}
          fields={['name']}
          consequence={problem?.status === 412 ? t('people.stale') : undefined}
        />
        <Field label={t('people.groupName')} name="name" problem={problem} hint={t('people.groupNameHint')}>
          {(given) => (
            <input
              {...given}
              class="input"
              autocomplete="off"
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        {removing && (
          <SureNotice
            question={t('people.groupRemoveSure')}
            yes={t('people.removeYes')}
            working={working}
            onYes={remove}
          />
        )}
        <footer class="dialogEnd">
          {group && !removing && (
            <button class="button danger atStart" type="button" onClick={() => setRemoving(true)}>
              {t('people.remove')}
            </button>
          )}
          <button class="button" type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button class="button primary" type="submit" disabled={working}>
            {t(group ? 'form.submitEdit' : 'people.addGroup')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** Puts students into a group, one that exists or a new one. */
export function IntoGroupDialog({
  studentIds,
  onClose,
  onDone,
}: {
  studentIds: readonly string[];
  onClose: () => void;
  onDone: () => void;
}) {
  const [groups, setGroups] = useState<readonly Group[]>([]);
  const [name, setName] = useState('');
  const { ask, problem, setProblem, working } = useAsk<Group>();
  useEffect(() => {
    void readAll<Group>('/groups').then((read) => {
      if ('rows' in read) setGroups(read.rows);
      else setProblem(read.problem);
    });
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    const wanted = name.trim();
    if (!wanted)
      return setProblem({ code: 'invalid', detail: '', errors: { name: [t('people.groupNameMissing')] } });
    const known = groups.find((group) => group.name.toLowerCase() === wanted.toLowerCase());
    const saved = known ? await add(known) : await ask('POST', '/groups', { name: wanted, studentIds });
    if (!saved) return;
    toast(t('people.intoGroupDone', { name: saved.name, count: studentIds.length }));
    onDone();
    onClose();
  };
  const add = async (group: Group) => {
    const members = await readAll<Student>(`/groups/${group.id}/students`);
    if ('problem' in members) {
      setProblem(members.problem);
      return null;
    }
    const all = new Set([...members.rows.map(({ id }) => id), ...studentIds]);
    return ask('PUT', `/groups/${group.id}`, { name: group.name, studentIds: [...all] }, group.version);
  };

  return (
    <Dialog
      title={t('people.intoGroup', { count: studentIds.length })}
      onClose={onClose}
      testId="into-group-dialog"
    >
      <form class="form" onSubmit={submit}>
        <Mends
          problem={problem}
          fields={['name']}
          consequence={problem?.status === 412 ? t('people.stale') : undefined}
        />
        <Field label={t('people.groupName')} name="name" problem={problem} hint={t('people.intoGroupHint')}>
          {(given) => (
            <>
              <input
                {...given}
                class="input"
                list="group-names"
                autocomplete="off"
                value={name}
                onInput={(event) => setName(event.currentTarget.value)}
              />
              <datalist id="group-names">
                {groups.map((group) => (
                  <option key={group.id} value={group.name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <footer class="dialogEnd">
          <button class="button" type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button class="button primary" type="submit" disabled={working}>
            {t('people.intoGroupSubmit')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
