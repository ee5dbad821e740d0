import type { Problem } from '../shared/problems';
import { locale, refusals, t } from './text';

const told = {
  codeRequired: 'field.code.missing',
  codeWrong: 'field.code.wrong',
  guestsNotAllowed: 'field.guests.notAllowed',
  offline: 'problem.offline',
  sealCodeWrong: 'seal.wrong',
  sessionCancelled: 'banner.sessionCancelled',
  sessionEnded: 'banner.sessionEnded',
  studentUnknown: 'field.studentId.unknown',
  testChoiceRequired: 'field.test.missing',
  ticketOutdated: 'field.ticket.outdated',
  ticketWrong: 'field.ticket.wrong',
  unreadable: 'problem.unreadable',
  windowClosed: 'banner.sessionEnded',
} as const;

/** Why something was refused, in a sentence of the student's language. */
export function detailOf({ code, detail, retryAfterSeconds }: Problem): string {
  if (code === 'throttled')
    return retryAfterSeconds
      ? t('problem.throttled', { count: Math.ceil(retryAfterSeconds) })
      : t('problem.tooMany');
  const key = told[code as keyof typeof told];
  if (key) return t(key);
  return (locale === 'en' ? detail : refusals[code]) || t('banner.unknown');
}
