import { useSignal } from '@preact/signals';
import { call, newIdempotencyKey } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { Session } from '../../shared/wire';
import { problemText } from '../problemText';
import { Dialog } from '../shell/Dialog';
import { Field } from '../shell/Field';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';

/** Gives the session another password, after saying what that does to the tickets in people's hands. */
export function PasswordButton({ of, onChanged }: { of: string; onChanged: () => void }) {
  const open = useSignal(false);
  const typed = useSignal('');
  const problem = useSignal<Problem | null>(null);
  const busy = useSignal(false);
  const close = () => {
    open.value = false;
    typed.value = '';
    problem.value = null;
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    const password = typed.value.trim();
    const answer = await call<Session>('POST', `/sessions/${encodeURIComponent(of)}/password`, {
      body: password ? { password } : {},
      idempotencyKey: newIdempotencyKey(),
    });
    busy.value = false;
    problem.value = answer.ok ? null : answer.problem;
    if (!answer.ok) return;
    close();
    toast(t('print.passwordChanged'));
    onChanged();
  };

  return (
    <>
      <button
        class="button"
        type="button"
        data-testid="change-session-password"
        onClick={() => {
          open.value = true;
        }}
      >
        <Icon name="key" />
        {t('print.changePassword')}
      </button>
      {open.value && (
        <Dialog title={t('print.changePassword')} onClose={close} testId="session-password-dialog">
          <form class="form" onSubmit={submit} noValidate>
            <p>{t('print.changePasswordLead')}</p>
            {problem.value && !problem.value.errors?.password && (
              <p class="notice bad" role="alert">
                {problemText(problem.value)}
              </p>
            )}
            <Field
              label={t('print.newPassword')}
              name="password"
              problem={problem.value}
              hint={t('print.newPasswordHint')}
              optional
            >
              {(given) => (
                <input
                  {...given}
                  class="input mono"
                  autoComplete="off"
                  maxLength={64}
                  value={typed.value}
                  onInput={(event) => {
                    typed.value = event.currentTarget.value;
                  }}
                />
              )}
            </Field>
            <footer class="dialogEnd">
              <button class="button" type="button" onClick={close}>
                {t('cancel')}
              </button>
              <button
                class="button danger"
                type="submit"
                disabled={busy.value}
                data-testid="confirm-session-password"
              >
                {t('print.changePassword')}
              </button>
            </footer>
          </form>
        </Dialog>
      )}
    </>
  );
}
