import { useEffect, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { ChangedMany, CleanedUp, PastRegistrations, Registration } from '../../shared/wire';
import { CloseForm } from '../shell/CloseForm';
import { Dialog } from '../shell/Dialog';
import { Mends } from '../shell/Field';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { useAsk } from './ask';
import { Outcome } from './Outcome';
import { SessionChoice } from './SessionChoice';

interface ManyProps {
  registrations: readonly Registration[];
  onClose: () => void;
  onDone: () => void;
}

/** Moves registrations to another session, or to none. */
export function MoveDialog({ registrations, onClose, onDone }: ManyProps) {
  const [sessionId, setSessionId] = useState<string | null>(null);
  const [notify, setNotify] = useState(true);
  const { ask, answer, problem, setProblem, working } = useAsk<ChangedMany>();
  const from = new Set(registrations.map((each) => each.sessionId ?? ''));
  const submit = async (event: Event) => {
    event.preventDefault();
    if (sessionId === null)
      return setProblem({ code: 'invalid', detail: '', errors: { sessionId: [t('people.chooseSession')] } });
    const ids = registrations.map(({ id }) => id);
    if (await ask('POST', '/registrations/move', { ids, notify, ...(sessionId ? { sessionId } : {}) }))
      onDone();
  };
  return (
    <Dialog
      title={t('people.moveTitle', { count: registrations.length })}
      onClose={onClose}
      size="large"
      testId="move-dialog"
    >
      {answer ? (
        <CloseForm onClose={onClose}>
          <Outcome answer={answer} done="moved" />
        </CloseForm>
      ) : (
        <form class="form" onSubmit={submit}>
          <Mends problem={problem} fields={['sessionId']} />
          <p class="hint">{t('people.moveHint')}</p>
          <SessionChoice
            chosen={sessionId}
            onChoose={setSessionId}
            except={from.size === 1 ? ([...from][0] ?? null) : null}
          />
          <TellThem value={notify} onChange={setNotify} />
          <footer class="dialogEnd">
            <button class="button" type="button" onClick={onClose}>
              {t('cancel')}
            </button>
            <button class="button primary" type="submit" disabled={working}>
              {t('people.move')}
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}

/** Takes registrations back that never started; their credits return. */
export function CancelDialog({ registrations, onClose, onDone }: ManyProps) {
  const [notify, setNotify] = useState(false);
  const { ask, answer, problem, working } = useAsk<ChangedMany>();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await ask('POST', '/registrations/cancel', { ids: registrations.map(({ id }) => id), notify }))
      onDone();
  };
  const pending = registrations.filter(({ status }) => status === 'pending').length;
  return (
    <Dialog
      title={t('people.cancelTitle', { count: registrations.length })}
      onClose={onClose}
      testId="cancel-dialog"
    >
      {answer ? (
        <CloseForm onClose={onClose}>
          <Outcome answer={answer} done="cancelled" />
        </CloseForm>
      ) : (
        <form class="form" onSubmit={submit}>
          <Mends problem={problem} fields={[]} />
          <p>{t('people.cancelLead', { count: pending })}</p>
          {pending < registrations.length && (
            <p class="muted">{t('people.cancelSkips', { count: registrations.length - pending })}</p>
          )}
          {registrations.some((each) => each.sessionId) && <TellThem value={notify} onChange={setNotify} />}
          <footer class="dialogEnd">
            <button class="button" type="button" onClick={onClose}>
              {t('people.keep')}
            </button>
            <button class="button danger" type="submit" disabled={working || pending === 0}>
              {t('people.cancelSubmit')}
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}

/** Whether the students concerned are told by mail. */
function TellThem({ value, onChange }: { value: boolean; onChange: (notify: boolean) => void }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value}
        data-testid="notify"
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {t('notice.tell')}
    </label>
  );
}

/** "Delete tests from past sessions": says how many before, and what was done after. */
export function CleanUpDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [past, setPast] = useState<PastRegistrations | null>(null);
  const { ask, answer, problem, setProblem, working } = useAsk<CleanedUp>();
  const count = () => {
    void call<PastRegistrations>('GET', '/clean-up/past-registrations').then((read) => {
      if (read.ok) setPast(read.value);
      else setProblem(read.problem);
    });
  };
  useEffect(count, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!past) return;
    if (await ask('POST', '/clean-up/past-registrations', { expected: past.count })) onDone();
    else count();
  };
  return (
    <Dialog title={t('cleanUp.title')} onClose={onClose} testId="clean-up-dialog">
      {answer ? (
        <CloseForm onClose={onClose}>
          <div class="outcome" data-testid="cleaned-up">
            <p>
              <Icon name="check" />
              {t('cleanUp.removed', { count: answer.removed })}
            </p>
            <p>
              <Icon name="undo" />
              {t('cleanUp.credits', { count: answer.credits })}
            </p>
            <p class="muted">{t('cleanUp.beforeAfter', { before: answer.before, after: answer.after })}</p>
          </div>
        </CloseForm>
      ) : (
        <form class="form" onSubmit={submit}>
          <Mends problem={problem} fields={[]} />
          {!past && !problem && <p class="muted">{t('loading')}</p>}
          {past && (
            <p>
              {past.count === 0
                ? t('cleanUp.nothing')
                : t('cleanUp.lead', {
                    count: past.count,
                    sessions: t('list.shown', { count: past.sessions }),
                  })}
            </p>
          )}
          {past?.count !== 0 && <p class="hint">{t('cleanUp.hint')}</p>}
          <footer class="dialogEnd">
            <button class="button" type="button" onClick={onClose}>
              {past?.count === 0 ? t('close') : t('cancel')}
            </button>
            {past !== null && past.count > 0 && (
              <button class="button danger" type="submit" disabled={working}>
                {t('cleanUp.submit', { count: past.count })}
              </button>
            )}
          </footer>
        </form>
      )}
    </Dialog>
  );
}
