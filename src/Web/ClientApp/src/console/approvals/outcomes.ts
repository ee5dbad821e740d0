import type { EntryResult, EntryRow, Outcome } from '../../shared/wire';
import { spanOf } from '../shell/span';
import { t } from '../text';

const went: ReadonlySet<Outcome> = new Set([
  'approved',
  'denied',
  'revoked',
  'paused',
  'resumed',
  'extended',
  'terminated',
  'sealReleased',
  'reinstated',
  'sent',
  'requested',
]);

/** Whether the command did to this entry what was asked, or is on its way to. */
export function wentThrough(result: EntryResult): boolean {
  return went.has(result.outcome);
}

/** What became of one entry of a command that did not go through, for a person. */
export function outcomeText(result: EntryResult, now: number): string {
  switch (result.outcome) {
    case 'alreadyDecided':
      return decidedFirst(result, undefined, now);
    case 'gone':
    case 'stale':
    case 'full':
      return t(`outcome.${result.outcome}`);
    default:
      return result.detail || t('outcome.refused');
  }
}

/** `Mara decided first: approved 2 s ago`. What was decided stands in the row, as the feed brought it. */
export function decidedFirst(result: EntryResult, row: EntryRow | undefined, now: number): string {
  const at = result.at ?? row?.decision?.at;
  const what = row?.decision?.outcome;
  return t('outcome.alreadyDecided', {
    who: result.by?.name ?? row?.decision?.by?.name ?? t('someone'),
    what: what ? t(`outcome.${what}`) : t('outcome.otherwise'),
    ago: at ? agoText(now - Date.parse(at)) : '',
  }).trim();
}

export function agoText(milliseconds: number): string {
  return milliseconds < 1000 ? t('time.now') : t('time.ago', { time: spanOf(milliseconds) });
}
