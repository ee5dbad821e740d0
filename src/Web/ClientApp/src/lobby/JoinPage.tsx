import { useSignal } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { WarningIcon } from '../shared/icons';
import type { JoinAnswer, LobbySession } from '../shared/wire';
import { Header } from './Header';
import { type Field, fields, JoinForm } from './joinForm';
import { caretAfter, shownJoinId } from './joinId';
import type { KeptPlace } from './keptPlaces';
import { LanguageChoice } from './LanguageChoice';
import { LockedTest } from './LockedTest';
import { lobbyApi } from './lobbyApi';
import { type Route, routeOfPasted } from './route';
import { t } from './text';
import { windowText } from './times';

interface JoinPageProps {
  route: Route;
  newest: KeptPlace | null;
  onJoined: (form: JoinForm, answer: JoinAnswer) => void;
  onOpen: (place: KeptPlace) => void;
  onRoute: (route: Route) => void;
}

export function JoinPage({ route, newest, onJoined, onOpen, onRoute }: JoinPageProps) {
  const form = useMemo(() => new JoinForm(route, lobbyApi), [route]);
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    document.title = `${t('join.title')} – ${t('brand')}`;
    void form.lookUp();
  }, [form]);

  const submit = async (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const answer = await form.submit();
    if (answer) return onJoined(form, answer);
    const wrong = fields.find((field) => form.errors.value[field]);
    const target = wrong ?? (form.banner.value ? 'banner' : null);
    if (target)
      requestAnimationFrame(() => element.current?.querySelector<HTMLElement>(`#${target}`)?.focus());
  };

  const session = form.session.value;
  const locked = form.locked.value;
  if (locked)
    return (
      <>
        <Header />
        <main class="page narrow">
          <LockedTest
            {...locked}
            onDue={() => void form.submit().then((answer) => answer && onJoined(form, answer))}
            onBack={() => {
              form.locked.value = null;
            }}
          />
          <LanguageChoice />
        </main>
      </>
    );
  return (
    <>
      <Header />
      <main class="page narrow">
        {newest && (
          <p class="notice accent again">
            <span>{t('join.again.title', { session: newest.sessionName })}</span>
            <button type="button" class="button" onClick={() => onOpen(newest)}>
              {t('join.again.open')}
            </button>
          </p>
        )}
        <form ref={element} class="card join" noValidate onSubmit={submit}>
          <div>
            <h1>{t('join.title')}</h1>
            <p class="muted">{t(form.link ? 'join.leadLink' : 'join.lead')}</p>
          </div>
          <Banner form={form} onRoute={onRoute} />
          {!form.link && <JoinIdInput form={form} onRoute={onRoute} />}
          <SessionSummary session={session} looking={form.busy.value === 'lookingUp'} />
          <WhoChoice form={form} guests={session?.guests ?? false} />
          {form.way.value === 'guest' && (
            <TextField form={form} field="guestName" hint={t('join.guestName.hint')} autoComplete="name" />
          )}
          {form.way.value === 'ticket' && (
            <div class="pair">
              <TextField form={form} field="userId" autoComplete="off" />
              <TextField form={form} field="password" autoComplete="off" />
            </div>
          )}
          {form.way.value === 'student' && (
            <div class="pair">
              <TextField form={form} field="studentId" autoComplete="off" />
              <TextField form={form} field="firstName" autoComplete="given-name" />
            </div>
          )}
          {session?.asksCode && (
            <TextField form={form} field="code" hint={t('join.code.hint')} autoComplete="off" />
          )}
          {session && session.tests.length > 1 && form.way.value !== 'ticket' && (
            <TestChoice form={form} session={session} />
          )}
          <Submit form={form} />
        </form>
        <LanguageChoice />
      </main>
    </>
  );
}

function Banner({ form, onRoute }: { form: JoinForm; onRoute: (route: Route) => void }) {
  const text = form.banner.value;
  return (
    <div id="banner" role="alert" tabIndex={-1} class={text ? 'notice bad' : 'visually-hidden'}>
      {text && (
        <>
          <WarningIcon />
          <div>
            {text}{' '}
            {form.deadLink.value && (
              <button type="button" class="link" onClick={() => onRoute({ kind: 'open' })}>
                {t('banner.useJoinId')}
              </button>
            )}
          </div>
        </>
      )}
    </div>
  );
}

function JoinIdInput({ form, onRoute }: { form: JoinForm; onRoute: (route: Route) => void }) {
  const typed = (event: TargetedEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    const pasted = routeOfPasted(input.value);
    if (pasted?.kind === 'link') return onRoute(pasted);
    const text = pasted?.kind === 'joinId' ? pasted.joinId : input.value;
    const before = input.value.slice(0, input.selectionStart ?? 0).replace(/[^a-z0-9]/gi, '').length;
    const shown = shownJoinId(text);
    // Written at once, so that the caret can be put back where it was.
    input.value = shown;
    const caret = pasted ? shown.length : caretAfter(shown, before);
    input.setSelectionRange(caret, caret);
    form.set('joinId', shown);
  };
  return (
    <TextField
      form={form}
      field="joinId"
      hint={t('join.joinId.hint')}
      class="join-id"
      autoComplete="off"
      shown={shownJoinId(form.value('joinId'))}
      onInput={typed}
    />
  );
}

const longest: Record<Field, number> = {
  joinId: 200,
  userId: 64,
  password: 200,
  studentId: 64,
  firstName: 120,
  guestName: 80,
  code: 32,
  testCode: 64,
};

const labels = {
  joinId: 'join.joinId',
  userId: 'join.userId',
  password: 'join.password',
  studentId: 'join.studentId',
  firstName: 'join.firstName',
  guestName: 'join.guestName',
  code: 'join.code',
  testCode: 'join.test',
} as const;

/** Copied from a board or from paper, in capitals. */
const printed: ReadonlySet<Field> = new Set(['joinId', 'userId', 'password']);

interface TextFieldProps {
  form: JoinForm;
  field: Field;
  hint?: string;
  class?: string;
  autoComplete: 'off' | 'name' | 'given-name';
  shown?: string;
  onInput?: (event: TargetedEvent<HTMLInputElement>) => void;
}

function TextField({ form, field, hint, autoComplete, shown, onInput, class: extra }: TextFieldProps) {
  const error = form.errors.value[field];
  const described = [error && `${field}-error`, hint && `${field}-hint`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={field}>{t(labels[field])}</label>
      <input
        id={field}
        name={field}
        class={`input ${extra ?? ''}`}
        type="text"
        autoComplete={autoComplete}
        autoCapitalize={printed.has(field) ? 'characters' : field.endsWith('Name') ? 'words' : 'none'}
        autoCorrect="off"
        spellcheck={false}
        maxLength={longest[field]}
        required
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={described || undefined}
        value={shown ?? form.values[field].value}
        onInput={onInput ?? ((event) => form.set(field, event.currentTarget.value))}
      />
      <FieldError field={field} error={error} />
      {hint && !error && (
        <p id={`${field}-hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

function FieldError({ field, error }: { field: Field; error: string | undefined }) {
  return error ? (
    <p id={`${field}-error`} class="error">
      <WarningIcon />
      <span>{error}</span>
    </p>
  ) : null;
}

function SessionSummary({ session, looking }: { session: LobbySession | null; looking: boolean }) {
  return (
    <div aria-live="polite" class={session || looking ? 'summary' : 'visually-hidden'}>
      {session ? (
        <>
          <strong>{session.name}</strong>
          <span class="muted">
            {session.tests.length === 1 && `${session.tests[0]?.title} · `}
            {windowText(session, Date.now())}
          </span>
        </>
      ) : (
        looking && <span class="muted">{t('join.lookingUp')}</span>
      )}
    </div>
  );
}

const ways = { student: 'join.asStudent', ticket: 'join.asTicket', guest: 'join.asGuest' } as const;

function WhoChoice({ form, guests }: { form: JoinForm; guests: boolean }) {
  return (
    <fieldset class="choice">
      <legend class="visually-hidden">{t('join.who')}</legend>
      {(['student', 'ticket', ...(guests ? (['guest'] as const) : [])] as const).map((way) => (
        <label key={way}>
          <input
            type="radio"
            name="who"
            checked={form.way.value === way}
            onChange={() => {
              form.chosen.value = way;
            }}
          />
          <span>{t(ways[way])}</span>
        </label>
      ))}
    </fieldset>
  );
}

function TestChoice({ form, session }: { form: JoinForm; session: LobbySession }) {
  const error = form.errors.value.testCode;
  return (
    <fieldset class="field tests" aria-describedby={error ? 'testCode-error' : undefined}>
      <legend>{t('join.test')}</legend>
      {session.tests.map(({ code, title, kind }, index) => (
        <label key={code}>
          <input
            id={index === 0 ? 'testCode' : undefined}
            type="radio"
            name="testCode"
            checked={form.value('testCode') === code}
            onChange={() => form.set('testCode', code)}
          />
          <span>{title}</span>
          {kind !== 'operational' && <span class="muted">{t(`join.kind.${kind}`)}</span>}
        </label>
      ))}
      <FieldError field="testCode" error={error} />
    </fieldset>
  );
}

function Submit({ form }: { form: JoinForm }) {
  const left = useSignal(0);
  useEffect(() => {
    const count = () => {
      left.value = Math.max(0, Math.ceil((form.blockedUntil.value - Date.now()) / 1000));
    };
    count();
    const timer = setInterval(count, 500);
    return () => clearInterval(timer);
  }, [form, left]);
  const joining = form.busy.value === 'joining';
  const text = joining
    ? t('join.submitting')
    : left.value
      ? t('join.wait', { count: left.value })
      : t('join.submit');
  return (
    <button type="submit" class="button primary wide" disabled={joining || left.value > 0}>
      {text}
    </button>
  );
}
