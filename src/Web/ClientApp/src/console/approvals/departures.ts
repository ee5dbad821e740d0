import { signal } from '@preact/signals';
import type { EntryRow, FeedEvent, SessionEventData } from '../../shared/wire';

/** How long a row stays in place after it was decided, so that the list does not jump under the pointer. */
const stay = 3000;
const deciding = new Set(['approved', 'denied', 'withdrawn', 'noShow', 'removed', 'moved']);

/** Rows that have just left the waiting ones. */
export class Departures {
  readonly rows = signal<ReadonlyMap<string, EntryRow>>(new Map());
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  add(events: readonly FeedEvent<SessionEventData>[]): void {
    const left = events.flatMap(({ kind, data }) =>
      deciding.has(kind) && data.entry && data.entry.state !== 'waiting' ? [data.entry] : [],
    );
    if (left.length === 0) return;
    this.rows.value = new Map([...this.rows.value, ...left.map((row) => [row.id, row] as const)]);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const rows = new Map(this.rows.value);
      for (const row of left) if (rows.get(row.id) === row) rows.delete(row.id);
      this.rows.value = rows;
    }, stay);
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
