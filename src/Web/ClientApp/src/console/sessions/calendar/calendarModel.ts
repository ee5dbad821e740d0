import { effect, signal } from '@preact/signals';
import { call } from '../../../shared/api';
import type { Problem } from '../../../shared/problems';
import { sessionsReducer } from '../../../shared/reducers';
import type { Page, SessionListRow } from '../../../shared/wire';
import { mySelf, signedOut } from '../../account/me';
import { client } from '../../hub';
import { type ListFilter, merged, queryOf } from '../listFilter';

const pageSize = 200;

/** More than this nobody reads in one look: the calendar then says that it is not all. */
const most = 1000;

/** The sessions of a range of time, read through REST and kept current by the feed `sessions`. */
export class CalendarModel {
  readonly problem = signal<Problem | null>(null);
  readonly loading = signal(true);
  /** True when there are more sessions than are shown. */
  readonly cut = signal(false);
  readonly #read = signal<readonly SessionListRow[]>([]);
  readonly #asked = signal<{ filter: ListFilter; from: number; to: number } | null>(null);
  readonly #followed = client.follow('sessions', sessionsReducer, {});
  readonly #stop: () => void;
  #reading = 0;

  constructor() {
    let generation = 0;
    this.#stop = effect(() => {
      const now = this.#followed.state.value?.generation ?? 0;
      if (now > 1 && now !== generation && this.#asked.peek()) void this.#load();
      generation = now;
    });
  }

  /** Read inside a component, this follows what changes. */
  rows(): SessionListRow[] {
    const asked = this.#asked.value;
    if (!asked) return [];
    const live = this.#followed.state.value;
    return merged(
      this.#read.value,
      live?.rows ?? new Map(),
      live?.removed ?? new Map(),
      asked.filter,
      client.clock.now(),
      true,
      mySelf.value?.id,
    ).filter((row) => Date.parse(row.closesAt) > asked.from && Date.parse(row.opensAt) < asked.to);
  }

  show(filter: ListFilter, from: number, to: number): void {
    this.#asked.value = { filter: { ...filter, sort: 'opensAt', descending: false }, from, to };
    void this.#load();
  }

  retry(): void {
    void this.#load();
  }

  close(): void {
    this.#stop();
    this.#followed.unfollow();
  }

  async #load(): Promise<void> {
    const asked = this.#asked.value;
    if (!asked) return;
    this.#reading += 1;
    const reading = this.#reading;
    this.loading.value = true;
    const query = queryOf(asked.filter);
    query.set('from', new Date(asked.from).toISOString());
    query.set('to', new Date(asked.to).toISOString());
    query.set('limit', String(pageSize));
    const rows: SessionListRow[] = [];
    let next: string | null = null;
    do {
      if (next) query.set('cursor', next);
      const answer: Awaited<ReturnType<typeof call<Page<SessionListRow>>>> = await call<Page<SessionListRow>>(
        'GET',
        `/sessions?${query}`,
      );
      if (reading !== this.#reading) return;
      if (!answer.ok) {
        this.loading.value = false;
        if (answer.problem.status === 401) signedOut();
        else this.problem.value = answer.problem;
        return;
      }
      rows.push(...answer.value.items);
      next = answer.value.next ?? null;
    } while (next && rows.length < most);
    this.loading.value = false;
    this.problem.value = null;
    this.cut.value = next !== null;
    this.#read.value = rows;
  }
}
