import type { EntryRow } from '../../shared/wire';

/** Those who wait, in the order in which they arrived. */
export function waitingInOrder(rows: Iterable<EntryRow>): EntryRow[] {
  return Array.from(rows)
    .filter((row) => row.state === 'waiting')
    .sort((a, b) => a.arrival - b.arrival || a.id.localeCompare(b.id));
}

/** Splits those who wait into the ones nothing differs about and the exceptions that a person must look at. */
export function splitClean(rows: Iterable<EntryRow>): { clean: EntryRow[]; exceptions: EntryRow[] } {
  const clean: EntryRow[] = [];
  const exceptions: EntryRow[] = [];
  for (const row of waitingInOrder(rows)) (row.flags.length === 0 ? clean : exceptions).push(row);
  return { clean, exceptions };
}

/** How many entries one command may carry (docs/protocol.md section 4). */
export const commandLimit = 500;

/** Cuts what was on the screen into commands the server takes, keeping the order. */
export function inCommands<T>(rows: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < rows.length; from += commandLimit)
    parts.push(rows.slice(from, from + commandLimit));
  return parts;
}

/** Why exceptions are left behind: each flag's text with how many rows carry it, most first. */
export function flagCounts(rows: Iterable<EntryRow>): { code: string; text: string; count: number }[] {
  const seen = new Map<string, { code: string; text: string; count: number }>();
  for (const row of rows)
    for (const flag of row.flags) {
      const known = seen.get(flag.code);
      if (known) known.count += 1;
      else seen.set(flag.code, { code: flag.code, text: flag.text, count: 1 });
    }
  return [...seen.values()].sort((a, b) => b.count - a.count);
}
