import { useSignal } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import {
  ApprovedIcon,
  EndedIcon,
  PracticeIcon,
  SealIcon,
  SubmittedIcon,
  TestingIcon,
  WarningIcon,
} from '../shared/icons';
import type { OwnPractice, OwnStartAnswer, OwnTest } from '../shared/wire';
import { detailOf } from './detailOf';
import { Header } from './Header';
import { LanguageChoice } from './LanguageChoice';
import { lobbyApi } from './lobbyApi';
import { OwnTests } from './ownPage';
import { locale, t } from './text';
import { choose, languages, storedLanguage } from './text/languages';
import { countdownText, whenText } from './times';

const looks = {
  locked: { icon: SealIcon, tone: 'quiet' },
  startable: { icon: ApprovedIcon, tone: 'ok' },
  inProgress: { icon: TestingIcon, tone: 'accent' },
  done: { icon: SubmittedIcon, tone: 'ok' },
  closed: { icon: EndedIcon, tone: 'quiet' },
} as const;

const day = 24 * 3600 * 1000;

interface OwnPageProps {
  secret: string;
  onStarted: (answer: OwnStartAnswer) => void;
}

/** The student's own page: every test as it stands, and what can be done about it. */
export function OwnPage({ secret, onStarted }: OwnPageProps) {
  const own = useMemo(() => new OwnTests(secret, lobbyApi), [secret]);
  useEffect(() => {
    document.title = `${t('own.title')} – ${t('brand')}`;
    const hurry = () => document.visibilityState === 'visible' && void own.read();
    own.start();
    document.addEventListener('visibilitychange', hurry);
    return () => {
      document.removeEventListener('visibilitychange', hurry);
      own.stop();
    };
  }, [own]);
  const page = own.page.value;
  const problem = own.problem.value;
  const language = page?.student.language;
  useEffect(() => {
    // Chosen by the school until the student chooses.
    if (language && language !== locale && language in languages && !storedLanguage()) choose(language);
  }, [language]);

  return (
    <>
      <Header>
        {page && <span class="who">{`${page.student.givenName} ${page.student.familyName}`.trim()}</span>}
      </Header>
      <main class="page narrow">
        <h1>{t('own.title')}</h1>
        {problem && (
          <div class="notice bad" role="alert">
            <WarningIcon />
            <div>
              {problem.code === 'notFound' ? t('own.missing') : detailOf(problem)}{' '}
              <button type="button" class="link" onClick={() => void own.read()}>
                {t('own.again')}
              </button>
            </div>
          </div>
        )}
        {!page && !problem && <p class="muted">{t('own.loading')}</p>}
        {page?.registrations.length === 0 && <p class="muted">{t('own.none')}</p>}
        {page?.registrations.map((test) => (
          <TestCard key={test.id} own={own} test={test} onStarted={onStarted} />
        ))}
        {page && page.practice.length > 0 && (
          <section class="stack">
            <h2>{t('own.practice')}</h2>
            <p class="muted">{t('own.practice.lead')}</p>
            {page.practice.map((test) => (
              <PracticeCard key={test.testCode} own={own} test={test} onStarted={onStarted} />
            ))}
          </section>
        )}
        <LanguageChoice />
      </main>
    </>
  );
}

interface TestCardProps {
  own: OwnTests;
  test: OwnTest;
  onStarted: (answer: OwnStartAnswer) => void;
}

function TestCard({ own, test, onStarted }: TestCardProps) {
  const code = useSignal('');
  const { icon: Icon, tone } = looks[test.state];
  const open = test.state === 'startable' || test.state === 'inProgress';
  const start = async (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const answer = await own.begin(test, code.value.trim());
    if (answer) onStarted(answer);
  };
  const codeId = `code-${test.id}`;
  return (
    <section class={`card own ${tone}`} data-state={test.state} aria-labelledby={`own-${test.id}`}>
      <p class={`badge ${tone}`}>
        <Icon />
        {t(`own.${test.state}`)}
      </p>
      <div>
        <h2 id={`own-${test.id}`}>{test.title}</h2>
        <p class="muted">{aboutOf(test, own.now.value)}</p>
      </div>
      {test.state === 'locked' && <OpensIn test={test} now={own.now.value} />}
      {open && (
        <form class="stack" onSubmit={start} noValidate>
          {test.asksCode && (
            <div class="field">
              <label for={codeId}>{t('join.code')}</label>
              <input
                id={codeId}
                class="input"
                type="text"
                autoComplete="off"
                maxLength={32}
                value={code.value}
                onInput={(event) => {
                  code.value = event.currentTarget.value;
                }}
              />
              <p class="hint">{t('join.code.hint')}</p>
            </div>
          )}
          <Refusal own={own} of={test.id} />
          <button type="submit" class="button primary" disabled={own.busy.value !== null}>
            {t(test.state === 'inProgress' ? 'own.goOn' : test.sessionName ? 'own.enter' : 'own.start')}
          </button>
        </form>
      )}
    </section>
  );
}

function PracticeCard({ own, test, onStarted }: Omit<TestCardProps, 'test'> & { test: OwnPractice }) {
  return (
    <section class="card own practice">
      <div>
        <h3>
          <PracticeIcon /> {test.title}
        </h3>
        <p class="muted">{t('own.minutes', { count: test.minutes })}</p>
      </div>
      <Refusal own={own} of={test.testCode} />
      <button
        type="button"
        class="button"
        disabled={own.busy.value !== null}
        onClick={async () => {
          const answer = await own.practise(test.testCode);
          if (answer) onStarted(answer);
        }}
      >
        {t('own.try')}
      </button>
    </section>
  );
}

function Refusal({ own, of }: { own: OwnTests; of: string }) {
  const refused = own.refused.value;
  if (refused?.key !== of) return null;
  const { code } = refused.problem;
  const text =
    code === 'codeRequired'
      ? t('field.code.missing')
      : code === 'codeWrong'
        ? t('field.code.wrong')
        : code === 'sessionEnded'
          ? t('banner.sessionEnded')
          : detailOf(refused.problem);
  return (
    <p class="error" role="alert">
      <WarningIcon />
      <span>{text}</span>
    </p>
  );
}

function OpensIn({ test, now }: { test: OwnTest; now: number }) {
  const left = Date.parse(test.lobbyOpensAt ?? test.opensAt ?? '') - now;
  if (!(left > 0)) return <p class="countdown quiet">{t('countdown.soon')}</p>;
  return (
    <p class="countdown" role="timer" aria-live="off">
      <span class="hint">{t('own.opensIn')}</span>
      <span class="digits numbers">
        {left >= day ? t('countdown.days', { count: Math.floor(left / day) }) : countdownText(left)}
      </span>
    </p>
  );
}

function aboutOf(test: OwnTest, now: number): string {
  const { sessionName, opensAt, closesAt, timeZone, minutes } = test;
  const when =
    opensAt && closesAt && timeZone && (test.state === 'locked' || test.state === 'startable')
      ? Date.parse(opensAt) > now
        ? t('time.opens', { time: whenText(opensAt, timeZone, now) })
        : t('time.closes', { time: whenText(closesAt, timeZone, now) })
      : null;
  const length = minutes ? t('own.minutes', { count: minutes }) : null;
  return [sessionName ?? (test.state === 'startable' ? t('own.anyTime') : null), length, when]
    .filter(Boolean)
    .join(' · ');
}
