import { useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { toast } from '../shell/toasts';
import { t } from '../text';

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [working, setWorking] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (working) return;
    if (next !== again) {
      setProblem({ code: 'differs', detail: '', errors: { again: [t('account.differs')] } });
      return;
    }
    setWorking(true);
    const answer = await call('POST', '/account/password', { body: { current, next } });
    setWorking(false);
    if (!answer.ok) return setProblem(answer.problem);
    toast(t('account.changed'));
    onClose();
  };

  return (
    <Dialog title={t('account.changePassword')} onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <Mends problem={problem} fields={['current', 'next', 'again']} />
        <Field label={t('account.current')} name="current" problem={problem}>
          {(given) => (
            <input
              {...given}
              class="input"
              type="password"
              autocomplete="current-password"
              required
              value={current}
              onInput={(event) => setCurrent(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t('account.next')} name="next" problem={problem}>
          {(given) => (
            <input
              {...given}
              class="input"
              type="password"
              autocomplete="new-password"
              required
              value={next}
              onInput={(event) => setNext(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t('account.again')} name="again" problem={problem}>
          {(given) => (
            <input
              {...given}
              class="input"
              type="password"
              autocomplete="new-password"
              required
              value={again}
              onInput={(event) => setAgain(event.currentTarget.value)}
            />
          )}
        </Field>
        <footer class="dialogEnd">
          <button class="button" type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button class="button primary" type="submit" disabled={working}>
            {t('account.changePassword')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
