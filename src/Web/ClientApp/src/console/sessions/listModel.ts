import { computed, effect, signal } from '@preact/signals';
import { call } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import { sessionsReducer } from '../../shared/reducers';
import type { Page, SessionCounts, SessionListRow, SessionsPresence } from '../../shared/wire';
import { mySelf, signedOut } from '../account/me';
import { client } from '../hub';
import { type ListFilter, merged, queryOf } from './listFilter';

/** The rows that one call reads. */
const pageSize = 50;

/** The session list: pages read through REST, kept current by the feed `sessions`. */
export class SessionListModel {
  readonly problem = signal<Problem | null>(null);
  readonly loading = signal(true);
  readonly more = computed(() => this.#next.value !== null);
  readonly #paged = signal<readonly SessionListRow[]>([]);
  readonly #next = signal<string | null>(null);
  readonly #filter = signal<ListFilter | null>(null);
  readonly #counts = signal<ReadonlyMap<string, SessionCounts>>(new Map());
  readonly #followed = client.follow('sessions', sessionsReducer, {
    onPresence: (changes) => this.#recount(changes as SessionsPresence[]),
  });
  readonly #stop: () => void;
  #reading = 0;

  constructor() {
    // A snapshot means that events may have been missed: what was paged before it is read again.
    let generation = 0;
    this.#stop = effect(() => {
      const now = this.#followed.state.value?.generation ?? 0;
      if (now > 1 && now !== generation && this.#filter.peek()) void this.#read(null);
      generation = now;
    });
  }

  readonly rows = computed<SessionListRow[]>(() => {
    const filter = this.#filter.value;
    if (!filter) return [];
    const live = this.#followed.state.value;
    const counts = this.#counts.value;
    const counted = (row: SessionListRow) => {
      const fresh = counts.get(row.id);
      return fresh ? { ...row, counts: fresh } : row;
    };
    return merged(
      this.#paged.value.map(counted),
      new Map(Array.from(live?.rows ?? [], ([id, row]) => [id, counted(row)])),
      live?.removed ?? new Map(),
      filter,
      client.clock.now(),
      this.#next.value === null,
      mySelf.value?.id,
    );
  });

  show(filter: ListFilter): void {
    this.#filter.value = filter;
    void this.#read(null);
  }

  readMore(): void {
    if (this.#next.value && !this.loading.value) void this.#read(this.#next.value);
  }

  retry(): void {
    void this.#read(null);
  }

  close(): void {
    this.#stop();
    this.#followed.unfollow();
  }

  async #read(cursor: string | null): Promise<void> {
    const filter = this.#filter.value;
    if (!filter) return;
    this.#reading += 1;
    const reading = this.#reading;
    this.loading.value = true;
    const query = queryOf(filter);
    query.set('limit', String(pageSize));
    if (cursor) query.set('cursor', cursor);
    const answer = await call<Page<SessionListRow>>('GET', `/sessions?${query}`);
    if (reading !== this.#reading) return;
    this.loading.value = false;
    if (!answer.ok) {
      if (answer.problem.status === 401) signedOut();
      else this.problem.value = answer.problem;
      return;
    }
    this.problem.value = null;
    this.#paged.value = cursor ? [...this.#paged.value, ...answer.value.items] : answer.value.items;
    this.#next.value = answer.value.next ?? null;
    // Counts that came before this page are older than it.
    const counts = new Map(this.#counts.value);
    for (const row of answer.value.items) counts.delete(row.id);
    this.#counts.value = counts;
  }

  #recount(changes: SessionsPresence[]): void {
    const counts = new Map(this.#counts.value);
    for (const { id, counts: fresh } of changes) counts.set(id, fresh);
    this.#counts.value = counts;
  }
}
