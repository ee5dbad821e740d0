import type { Import, ImportRow, ImportState, RowOutcome } from '../../shared/wire';
import type { IconName } from '../shell/Icon';
import { t } from '../text';

type Tone = 'quiet' | 'plain' | 'accent' | 'ok' | 'warn' | 'bad';

export const stateLook: Record<ImportState, { icon: IconName; tone: Tone }> = {
  reading: { icon: 'hourglass', tone: 'accent' },
  previewed: { icon: 'search', tone: 'accent' },
  applying: { icon: 'hourglass', tone: 'accent' },
  applied: { icon: 'checkCircle', tone: 'ok' },
  cancelled: { icon: 'ban', tone: 'quiet' },
  failed: { icon: 'alert', tone: 'bad' },
};

export const outcomeLook: Record<RowOutcome, { icon: IconName; tone: Tone }> = {
  create: { icon: 'plus', tone: 'ok' },
  update: { icon: 'edit', tone: 'accent' },
  same: { icon: 'check', tone: 'quiet' },
  reject: { icon: 'xCircle', tone: 'bad' },
  remove: { icon: 'leave', tone: 'warn' },
};

/** What a count of rows is called: what will happen, or what did. */
export function outcomeWord(item: Import, outcome: RowOutcome): string {
  return t(item.state === 'applied' ? `imports.did.${outcome}` : `imports.will.${outcome}`);
}

/** What became of one row: what has not happened does not read as if it had. */
export function rowWord(item: Import, row: ImportRow): string {
  const { outcome } = row;
  if (outcome === 'same' || outcome === 'reject') return t(`imports.did.${outcome}`);
  if (row.applied) return t(`imports.did.${outcome}`);
  return t(item.state === 'cancelled' ? `imports.not.${outcome}` : `imports.will.${outcome}`);
}
