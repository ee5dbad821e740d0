import type { ComponentChildren } from 'preact';
import { ApprovedIcon, EndedIcon, SealIcon, SubmittedIcon, TestingIcon } from '../shared/icons';
import type { OwnTest } from '../shared/wire';
import { t } from './text';
import { countdownText, whenText } from './times';

const looks = {
  locked: { icon: SealIcon, tone: 'quiet' },
  startable: { icon: ApprovedIcon, tone: 'ok' },
  inProgress: { icon: TestingIcon, tone: 'accent' },
  done: { icon: SubmittedIcon, tone: 'ok' },
  closed: { icon: EndedIcon, tone: 'quiet' },
} as const;

const day = 24 * 3600 * 1000;

/** A test of the student's as it stands; what can be done about it comes below. */
export function TestCard({
  test,
  now,
  children,
}: {
  test: OwnTest;
  now: number;
  children?: ComponentChildren;
}) {
  const { icon: Icon, tone } = looks[test.state];
  return (
    <section class={`card own ${tone}`} data-state={test.state} aria-labelledby={`own-${test.id}`}>
      <p class={`badge ${tone}`}>
        <Icon />
        {t(`own.${test.state}`)}
      </p>
      <div>
        <h2 id={`own-${test.id}`}>{test.title}</h2>
        <p class="muted">{aboutOf(test, now)}</p>
      </div>
      {test.state === 'locked' && <OpensIn test={test} now={now} />}
      {children}
    </section>
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
