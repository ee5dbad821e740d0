import { useState } from 'preact/hooks';
import type { Student } from '../../shared/wire';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { SureNotice } from '../shell/SureNotice';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { useAsk } from './ask';
import { listName, type StudentDraft, studentDraft, studentRequest } from './people';

const fields = ['externalId', 'givenName', 'familyName', 'email', 'language', 'groups', 'settings'];

interface StudentDialogProps {
  student?: Student;
  groupNames: readonly string[];
  onClose: () => void;
  onDone: () => void;
}

/** Adds a student, or edits or removes the one given. */
export function StudentDialog({ student, groupNames, onClose, onDone }: StudentDialogProps) {
  const [draft, setDraft] = useState<StudentDraft>(() => studentDraft(student));
  const [removing, setRemoving] = useState(false);
  const { ask, problem, setProblem, working } = useAsk<Student>(onDone);
  const change = (part: Partial<StudentDraft>) => setDraft((before) => ({ ...before, ...part }));

  const submit = async (event: Event) => {
    event.preventDefault();
    const errors: Record<string, string[]> = {};
    if (!draft.externalId.trim()) errors.externalId = [t('people.externalIdMissing')];
    if (!draft.givenName.trim()) errors.givenName = [t('people.givenNameMissing')];
    const request = studentRequest(draft);
    if ('wrong' in request) errors.settings = [t('people.settingsWrong', { line: request.wrong })];
    if ('wrong' in request || Object.keys(errors).length > 0)
      return setProblem({ code: 'invalid', detail: '', errors });
    const saved = student
      ? await ask('PUT', `/students/${student.id}`, request.body, student.version)
      : await ask('POST', '/students', request.body);
    if (!saved) return;
    toast(student ? t('form.saved') : t('people.added', { name: listName(saved) }));
    onDone();
    onClose();
  };

  const remove = async () => {
    if (!student || !(await ask('DELETE', `/students/${student.id}`, undefined, student.version))) return;
    toast(t('people.removed', { name: listName(student) }));
    onDone();
    onClose();
  };

  const text = (
    name: 'externalId' | 'givenName' | 'familyName' | 'email',
    optional = false,
    hint?: string,
  ) => (
    <Field label={t(`people.${name}`)} name={name} problem={problem} optional={optional} hint={hint}>
      {(given) => (
        <input
          {...given}
          class="input"
          inputMode={name === 'email' ? 'email' : 'text'}
          autocomplete="off"
          value={draft[name]}
          onInput={(event) => change({ [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  );

  return (
    <Dialog
      title={student ? listName(student) : t('people.addStudent')}
      onClose={onClose}
      size="large"
      testId="student-dialog"
    >
      <form class="form" onSubmit={submit} noValidate>
        <Mends
          problem={problem}
          fields={fields}
          consequence={problem?.status === 412 ? t('people.stale') : undefined}
        />
        <div class="pair">
          {text('givenName')}
          {text('familyName', true)}
          {text('externalId', false, t('people.externalIdHint'))}
          {text('email', true)}
        </div>
        <div class="pair">
          <Field
            label={t('people.groups')}
            name="groups"
            problem={problem}
            optional
            hint={
              groupNames.length
                ? t('people.groupsHint', { names: groupNames.slice(0, 4).join(', ') })
                : t('people.groupsNew')
            }
          >
            {(given) => (
              <input
                {...given}
                class="input"
                autocomplete="off"
                value={draft.groups}
                onInput={(event) => change({ groups: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field
            label={t('people.language')}
            name="language"
            problem={problem}
            hint={t('people.languageHint')}
          >
            {(given) => (
              <select
                {...given}
                class="input"
                value={draft.language}
                onChange={(event) => change({ language: event.currentTarget.value })}
              >
                <option value="">{t('people.languageNone')}</option>
                <option value="en">English</option>
                <option value="es">Español</option>
                <option value="fr">Français</option>
              </select>
            )}
          </Field>
        </div>
        <Field
          label={t('people.settings')}
          name="settings"
          problem={problem}
          optional
          hint={t('people.settingsHint')}
        >
          {(given) => (
            <textarea
              {...given}
              class="input"
              rows={3}
              value={draft.settings}
              onInput={(event) => change({ settings: event.currentTarget.value })}
            />
          )}
        </Field>
        {student && (
          <p class="hint">
            {t('people.userId')} <strong class="mono">{student.userId}</strong>. {t('people.userIdHint')}
          </p>
        )}
        {removing && (
          <SureNotice
            question={t('people.removeSure')}
            yes={t('people.removeYes')}
            working={working}
            onYes={remove}
          />
        )}
        <footer class="dialogEnd">
          {student && !removing && (
            <button class="button danger atStart" type="button" onClick={() => setRemoving(true)}>
              {t('people.remove')}
            </button>
          )}
          <button class="button" type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button class="button primary" type="submit" disabled={working}>
            {working ? t('form.saving') : t(student ? 'form.submitEdit' : 'people.addStudent')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
