import { computed, signal } from '@preact/signals';
import { call } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { Page } from '../../shared/wire';
import { signedOut } from '../account/me';

const pageSize = 100;

/** Rows that are read page by page. Of two readings under way only the later one counts. */
export class PagedList<Row extends { id: string }> {
  readonly rows = signal<readonly Row[]>([]);
  readonly problem = signal<Problem | null>(null);
  readonly loading = signal(true);
  /** The rows are still those of the question before: they stay until the answer comes, so that nothing jumps. */
  readonly changing = signal(false);
  readonly #next = signal<string | null>(null);
  readonly more = computed(() => this.#next.value !== null);
  readonly #read: typeof call<Page<Row>>;
  #path = '';
  #reading = 0;

  constructor(read: typeof call<Page<Row>> = call) {
    this.#read = read;
  }

  /** Reads the first page of an address such as `/students?search=a`. */
  show(path: string): Promise<void> {
    if (path !== this.#path && this.rows.value.length > 0) this.changing.value = true;
    this.#path = path;
    return this.#load(null);
  }

  /** Reads again what is shown, as many rows as there were. */
  async reload(): Promise<void> {
    const wanted = this.rows.value.length;
    await this.#load(null);
    while (this.rows.value.length < wanted && this.more.value && !this.problem.value)
      await this.#load(this.#next.value);
  }

  readMore(): void {
    if (this.#next.value && !this.loading.value) void this.#load(this.#next.value);
  }

  async #load(cursor: string | null): Promise<void> {
    this.#reading += 1;
    const reading = this.#reading;
    this.loading.value = true;
    const [path, text] = this.#path.split('?');
    const query = new URLSearchParams(text);
    query.set('limit', String(pageSize));
    if (cursor) query.set('cursor', cursor);
    const answer = await this.#read('GET', `${path}?${query}`);
    if (reading !== this.#reading) return;
    this.loading.value = false;
    const changed = this.changing.value;
    this.changing.value = false;
    if (!answer.ok) {
      if (changed) this.rows.value = [];
      if (answer.problem.status === 401) signedOut();
      else this.problem.value = answer.problem;
      return;
    }
    this.problem.value = null;
    const seen = new Set(cursor ? this.rows.value.map(({ id }) => id) : []);
    const fresh = answer.value.items.filter(({ id }) => !seen.has(id));
    this.rows.value = cursor ? [...this.rows.value, ...fresh] : fresh;
    this.#next.value = answer.value.next ?? null;
  }
}

/** An address with a query, without what is empty. */
export function pathOf(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const filled = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return filled.length === 0 ? path : `${path}?${new URLSearchParams(filled)}`;
}

/** Reads every page of a list; the problem where one cannot be read. */
export async function readAll<Row>(path: string): Promise<{ rows: Row[] } | { problem: Problem }> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const query: string = new URLSearchParams({ limit: '200', ...(cursor ? { cursor } : {}) }).toString();
    const answer = await call<Page<Row>>('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`);
    if (!answer.ok) return { problem: answer.problem };
    rows.push(...answer.value.items);
    cursor = answer.value.next ?? null;
  } while (cursor);
  return { rows };
}
