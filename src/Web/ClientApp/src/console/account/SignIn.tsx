import { useEffect, useRef, useState } from 'preact/hooks';
import type { Problem } from '../../shared/problems';
import { now } from '../hub';
import { problemText, waitText } from '../problemText';
import { Mark } from '../shell/Mark';
import { ThemeToggle } from '../shell/ThemeToggle';
import { t } from '../text';
import { signIn, wasSignedIn } from './me';

export function SignIn() {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [working, setWorking] = useState(false);
  const [refusal, setRefusal] = useState<{ problem: Problem; until: number } | null>(null);
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);

  useEffect(() => {
    document.title = `${t('signIn.title')} – ${t('product')}`;
    emailField.current?.focus();
  }, []);

  const secondsLeft = refusal ? Math.max(0, Math.ceil((refusal.until - now.value) / 1000)) : 0;

  const submit = async (event: Event) => {
    event.preventDefault();
    if (working) return;
    const lacking = {
      ...(email.trim() ? {} : { email: t('signIn.emailMissing') }),
      ...(password ? {} : { password: t('signIn.passwordMissing') }),
    };
    setMissing(lacking);
    if (lacking.email) return emailField.current?.focus();
    if (lacking.password) return passwordField.current?.focus();
    setWorking(true);
    const problem = await signIn(email.trim(), password);
    setWorking(false);
    if (!problem) return;
    setRefusal({ problem, until: now.peek() + (problem.retryAfterSeconds ?? 0) * 1000 });
    passwordField.current?.select();
  };

  return (
    <main class="signIn">
      <div class="signInTop">
        <ThemeToggle />
      </div>
      <form class="card signInCard" onSubmit={submit} noValidate data-testid="sign-in">
        <Mark large />
        <h1>{t('signIn.title')}</h1>
        <p class="muted">{wasSignedIn.value ? t('signIn.ended') : t('signIn.lead')}</p>
        {refusal && (
          <p class="notice bad" role="alert" data-testid="sign-in-problem">
            {refusalText(refusal.problem, secondsLeft)}
          </p>
        )}
        <div class="field">
          <label for="email">{t('signIn.email')}</label>
          <input
            ref={emailField}
            id="email"
            class="input"
            name="email"
            type="email"
            autocomplete="username"
            value={email}
            aria-invalid={Boolean(missing.email)}
            aria-describedby="email-mend"
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
          <span class="error" id="email-mend">
            {missing.email}
          </span>
        </div>
        <div class="field">
          <label for="password">{t('signIn.password')}</label>
          <input
            ref={passwordField}
            id="password"
            class="input"
            name="password"
            {...(shown ? { type: 'text' } : { type: 'password' })}
            autocomplete="current-password"
            value={password}
            aria-invalid={Boolean(missing.password)}
            aria-describedby="password-mend"
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
          <span class="error" id="password-mend">
            {missing.password}
          </span>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={shown}
            onChange={(event) => setShown(event.currentTarget.checked)}
          />
          {t('signIn.show')}
        </label>
        <button class="button primary wide" type="submit" disabled={working} data-testid="sign-in-submit">
          {working ? t('signIn.working') : t('signIn.title')}
        </button>
      </form>
    </main>
  );
}

function refusalText(problem: Problem, secondsLeft: number): string {
  const when = secondsLeft ? t('tryAgainIn', { time: waitText(secondsLeft) }) : t('signIn.later');
  switch (problem.code) {
    case 'signInFailed':
      return t('signIn.wrong');
    case 'lockedOut':
      return t('signIn.locked', { when });
    case 'throttled':
      return t('signIn.throttled', { when });
    default:
      return problemText(problem);
  }
}
