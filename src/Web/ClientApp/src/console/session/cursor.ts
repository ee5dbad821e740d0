import { type ReadonlySignal, signal } from '@preact/signals';

/** The row of a list that the keyboard acts on. It stays with its row; when that one leaves, its place is kept. */
export class Cursor<Row extends { id: string }> {
  readonly id = signal<string | null>(null);
  readonly #rows: ReadonlySignal<readonly Row[]>;
  #place = 0;

  constructor(rows: ReadonlySignal<readonly Row[]>) {
    this.#rows = rows;
  }

  /** Where the cursor is now, or -1 before it was ever moved. */
  index(): number {
    const id = this.id.value;
    if (id === null) return -1;
    const rows = this.#rows.value;
    const found = rows.findIndex((row) => row.id === id);
    return found >= 0 ? found : Math.min(this.#place, rows.length - 1);
  }

  row(): Row | undefined {
    return this.#rows.value[this.index()];
  }

  move(by: number): number {
    const rows = this.#rows.value;
    if (rows.length === 0) return -1;
    return this.put(Math.max(0, Math.min(rows.length - 1, this.index() + by)));
  }

  put(place: number): number {
    this.#place = place;
    this.id.value = this.#rows.value[place]?.id ?? null;
    return place;
  }

  /** Marks a row that was touched by other means. */
  at(id: string): void {
    const place = this.#rows.value.findIndex((row) => row.id === id);
    if (place >= 0) this.put(place);
  }
}
