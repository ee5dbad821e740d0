import { signal } from '@preact/signals';

/** Rows ticked in one region. */
export class Ticks {
  readonly ids = signal<ReadonlySet<string>>(new Set());

  toggle(id: string): void {
    const ids = new Set(this.ids.value);
    if (!ids.delete(id)) ids.add(id);
    this.ids.value = ids;
  }

  /** Ticks or unticks all the rows given, leaving others as they are. */
  set(rows: readonly { id: string }[], on: boolean): void {
    const ids = new Set(this.ids.value);
    for (const { id } of rows) {
      if (on) ids.add(id);
      else ids.delete(id);
    }
    this.ids.value = ids;
  }

  clear(): void {
    this.ids.value = new Set();
  }

  /** The ticked among the rows given: one that is no longer shown is not acted on. */
  of<Row extends { id: string }>(rows: readonly Row[]): Row[] {
    const ids = this.ids.value;
    return ids.size === 0 ? [] : rows.filter(({ id }) => ids.has(id));
  }
}
