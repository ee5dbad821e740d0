import { call, type Result } from '../../shared/api';
import type { Import, ImportKind, ImportRow, Page, RowOutcome, SessionMode } from '../../shared/wire';

/** What is chosen beside the file. */
export interface Choice {
  kind: ImportKind;
  timeZone: string;
  tests: readonly string[];
  mode: SessionMode;
  move: boolean;
}

export const mostBytes = 10 * 1024 * 1024;

export function sendFile(file: File, choice: Choice, idempotencyKey: string): Promise<Result<Import>> {
  const query = new URLSearchParams({ kind: choice.kind, fileName: file.name });
  if (choice.kind === 'sessions') {
    query.set('timeZone', choice.timeZone);
    query.set('tests', choice.tests.join(','));
    query.set('mode', choice.mode);
  }
  if (choice.kind === 'registrations' && choice.move) query.set('move', 'true');
  return call('POST', `/imports?${query}`, { file, idempotencyKey });
}

/** Which rows are wanted: all, those with an outcome, or those with something to read. */
export type RowFilter = 'all' | RowOutcome | 'remarked';

export function readRows(id: string, filter: RowFilter, cursor = ''): Promise<Result<Page<ImportRow>>> {
  const query = new URLSearchParams({ limit: '100' });
  if (filter === 'remarked') query.set('remarked', 'true');
  else if (filter !== 'all') query.set('outcome', filter);
  if (cursor) query.set('cursor', cursor);
  return call('GET', `/imports/${encodeURIComponent(id)}/rows?${query}`);
}

/** True while the server works on it. */
export function isAtWork(item: Import): boolean {
  return item.state === 'reading' || item.state === 'applying';
}

/** A template's or a report's address: an ordinary download. */
export function templateOf(kind: ImportKind, type: 'xlsx' | 'csv'): string {
  return `/api/v1/imports/templates/${kind}.${type}`;
}

export function reportOf(id: string, type: 'xlsx' | 'csv'): string {
  return `/api/v1/imports/${encodeURIComponent(id)}/report.${type}`;
}

/** How many rows change something. */
export function changing({ counts }: Import): number {
  return counts.create + counts.update + counts.remove;
}
