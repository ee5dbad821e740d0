import { useSignal } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { PracticeIcon, WarningIcon } from '../shared/icons';
import type { OwnPractice, OwnStartAnswer, OwnTest } from '../shared/wire';
import { CalendarFeed } from './CalendarFeed';
import { detailOf } from './detailOf';
import { Header } from './Header';
import { LanguageChoice } from './LanguageChoice';
import { lobbyApi } from './lobbyApi';
import { OwnTests } from './ownPage';
import { TestCard } from './TestCard';
import { locale, t } from './text';
import { choose, languages, storedLanguage } from './text/languages';

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
          <StartCard key={test.id} own={own} test={test} onStarted={onStarted} />
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
        {page && page.registrations.length > 0 && <CalendarFeed secret={secret} />}
        <LanguageChoice />
      </main>
    </>
  );
}

interface StartCardProps {
  own: OwnTests;
  test: OwnTest;
  onStarted: (answer: OwnStartAnswer) => void;
}

function StartCard({ own, test, onStarted }: StartCardProps) {
  const code = useSignal('');
  const open = test.state === 'startable' || test.state === 'inProgress';
  const start = async (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const answer = await own.begin(test, code.value.trim());
    if (answer) onStarted(answer);
  };
  const codeId = `code-${test.id}`;
  return (
    <TestCard test={test} now={own.now.value}>
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
    </TestCard>
  );
}

function PracticeCard({ own, test, onStarted }: Omit<StartCardProps, 'test'> & { test: OwnPractice }) {
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
  return (
    <p class="error" role="alert">
      <WarningIcon />
      <span>{detailOf(refused.problem)}</span>
    </p>
  );
}
