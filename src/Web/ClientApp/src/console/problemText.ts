import type { Problem } from '../shared/problems';
import { t } from './text';

/** What a refusal says to a person: the server's sentence, or ours where none came. */
export function problemText(problem: Problem): string {
  const said = problem.detail || (problem.code === 'offline' ? t('unreachable') : t('unexpected'));
  const seconds = problem.retryAfterSeconds;
  return seconds ? `${said} ${t('tryAgainIn', { time: waitText(seconds) })}` : said;
}

/** Seconds as a person says them: `42 seconds`, `15 minutes`. */
export function waitText(seconds: number): string {
  return seconds < 90
    ? t('time.seconds', { count: Math.ceil(seconds) })
    : t('time.minutes', { count: Math.ceil(seconds / 60) });
}
