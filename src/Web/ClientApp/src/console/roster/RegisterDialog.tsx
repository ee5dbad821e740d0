import { useEffect, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { CatalogueTest, Page, RegisteredMany, Session } from '../../shared/wire';
import { CloseForm } from '../shell/CloseForm';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { t } from '../text';
import { useAsk } from './ask';
import { Outcome } from './Outcome';
import { SessionChoice } from './SessionChoice';

/** Who is to be registered: some students, or a whole group. */
export type Registrants = { studentIds: readonly string[] } | { groupId: string; name: string; size: number };

interface RegisterDialogProps {
  who: Registrants;
  /** Where it is clear already to which session. */
  session?: Session;
  onClose: () => void;
  onDone: () => void;
}

/** Registers students or a group to a test, with or without a session, in one action. */
export function RegisterDialog({ who, session, onClose, onDone }: RegisterDialogProps) {
  const [tests, setTests] = useState<readonly { code: string; title: string }[]>(session?.tests ?? []);
  const [testCode, setTestCode] = useState(session?.tests[0]?.code ?? '');
  const [sessionId, setSessionId] = useState<string | null>(session?.id ?? null);
  const { ask, answer, problem, setProblem, working } = useAsk<RegisteredMany>();
  const count = 'studentIds' in who ? who.studentIds.length : who.size;

  useEffect(() => {
    if (session) return;
    void call<Page<CatalogueTest>>('GET', '/tests').then((read) => {
      if (!read.ok) return setProblem(read.problem);
      setTests(read.value.items);
      setTestCode((before) => before || (read.value.items[0]?.code ?? ''));
    });
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (sessionId === null)
      return setProblem({ code: 'invalid', detail: '', errors: { sessionId: [t('people.chooseSession')] } });
    const to = { testCode, ...(sessionId ? { sessionId } : {}) };
    const registered =
      'studentIds' in who
        ? await ask('POST', '/registrations/bulk', { studentIds: who.studentIds, ...to })
        : await ask('POST', `/groups/${who.groupId}/register`, to);
    if (registered) onDone();
  };

  const title =
    'studentIds' in who
      ? t('people.registerStudents', { count })
      : t('people.registerGroup', { name: who.name });
  return (
    <Dialog title={title} onClose={onClose} size="large" testId="register-dialog">
      {answer ? (
        <CloseForm onClose={onClose}>
          <Outcome answer={answer} done="registered" />
        </CloseForm>
      ) : (
        <form class="form" onSubmit={submit}>
          <Mends problem={problem} fields={['testCode', 'sessionId']} />
          {!('studentIds' in who) && <p class="muted">{t('people.groupOf', { count })}</p>}
          <Field label={t('people.test')} name="testCode" problem={problem} hint={t('people.costs')}>
            {(given) => (
              <select
                {...given}
                class="input"
                value={testCode}
                onChange={(event) => setTestCode(event.currentTarget.value)}
              >
                {tests.map(({ code, title: name }) => (
                  <option key={code} value={code}>
                    {name} ({code})
                  </option>
                ))}
              </select>
            )}
          </Field>
          {!session && <SessionChoice chosen={sessionId} onChoose={setSessionId} />}
          <footer class="dialogEnd">
            <button class="button" type="button" onClick={onClose}>
              {t('cancel')}
            </button>
            <button class="button primary" type="submit" disabled={working || !testCode || count === 0}>
              {working ? t('people.registering') : t('people.register')}
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}
