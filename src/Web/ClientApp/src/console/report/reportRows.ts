import type { EntryRow, SessionReport } from '../../shared/wire';
import { t } from '../text';
import { toCsv } from './csv';

export const reportCounts = [
  'joined',
  'approved',
  'denied',
  'started',
  'submitted',
  'noShow',
  'expired',
  'terminated',
] as const;

/** The report as a file: one record an entry, times in UTC, durations in seconds. */
export function reportCsv(report: SessionReport): string {
  const head = [
    'number',
    'externalId',
    'familyName',
    'givenName',
    'test',
    'attempt',
    'state',
    'since',
    'arrived',
    'decision',
    'decidedBy',
    'decided',
    'reason',
    'answered',
    'questions',
    'usedSeconds',
    'pausedSeconds',
    'flags',
    'simulated',
  ] as const;
  const records = inArrival(report.entries).map((row, index) => [
    index + 1,
    row.student.externalId,
    row.student.familyName,
    row.student.givenName,
    row.testCode,
    row.attempt,
    t(`state.${row.state}`),
    row.stateSince,
    row.arrivedAt,
    row.decision?.outcome,
    row.decision?.by?.name,
    row.decision?.at,
    reasonOf(row),
    row.progress?.answered,
    row.progress?.total,
    Math.round(row.usedSeconds),
    Math.round(row.pausedSeconds),
    row.flags.map(({ text }) => text).join('; '),
    row.simulated ? t('report.yes') : '',
  ]);
  return toCsv([head.map((name) => t(`report.${name}`)), ...records]);
}

/** In the order of arrival. The number shown is the place in it: arrivals themselves have gaps. */
export function inArrival(rows: readonly EntryRow[]): EntryRow[] {
  return [...rows].sort((a, b) => a.arrival - b.arrival);
}

/** Why it ended, or why it was decided as it was. */
export function reasonOf(row: EntryRow): string {
  return row.endReason || row.decision?.reason || '';
}
