import type { Lobby } from '../shared/wire';
import { locale, t } from './text';

/** `at 09:00` today, `on Mon 23 Nov at 09:00` otherwise, with the zone's name where the session's clocks differ. */
export function whenText(instant: string, sessionZone: string, now: number): string {
  const at = new Date(instant);
  const time = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(sameClocks(at, sessionZone) ? {} : { timeZoneName: 'short' as const }),
  }).format(at);
  const today = new Date(now).toDateString() === at.toDateString();
  if (today) return t('time.at', { time });
  const date = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' }).format(
    at,
  );
  return t('time.on', { date, time });
}

/** When a window opens, or closes once it is open. */
export function windowText(
  { phase, opensAt, closesAt, timeZone }: Pick<Lobby, 'phase' | 'opensAt' | 'closesAt' | 'timeZone'>,
  now: number,
): string {
  const early = (phase === 'scheduled' || phase === 'lobbyOpen') && Date.parse(opensAt) > now;
  return early
    ? t('time.opens', { time: whenText(opensAt, timeZone, now) })
    : t('time.closes', { time: whenText(closesAt, timeZone, now) });
}

export function clockText(instant: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(instant),
  );
}

/** `1:02:03`, `12:30`, `0:09`. Whole seconds, rounded up so that zero means now. */
export function countdownText(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** A skew in rough words: `40 s`, `3 min`. */
export function amountText(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  return seconds < 120
    ? t('check.seconds', { seconds })
    : t('check.minutes', { minutes: Math.round(seconds / 60) });
}

function sameClocks(at: Date, zone: string): boolean {
  try {
    const clocks = (timeZone?: string) =>
      at.toLocaleString('en-GB', {
        dateStyle: 'short',
        timeStyle: 'short',
        ...(timeZone ? { timeZone } : {}),
      });
    return clocks(zone) === clocks();
  } catch {
    return true;
  }
}
