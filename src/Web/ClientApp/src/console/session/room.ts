import { computed, effect, signal } from '@preact/signals';
import type { EntryRow } from '../../shared/wire';
import { splitClean, waitingInOrder } from '../approvals/clean';
import { counts, type Filter, filtered, matches } from '../students/filters';
import { inOrder } from '../students/order';
import type { StudentCommand } from '../students/preview';
import { Cursor } from './cursor';
import type { LiveSession } from './liveSession';
import type { PhaseAction } from './phaseRules';
import { Ticks } from './ticks';

/** The dialogs of a session's page; one at a time. Rows are those that were on the screen when it was opened. */
export type RoomDialog =
  | { kind: 'deny'; rows: readonly EntryRow[] }
  | { kind: 'command'; command: StudentCommand; rows: readonly EntryRow[] }
  | { kind: 'phase'; action: PhaseAction }
  | { kind: 'broadcast' | 'edit' | 'project' | 'qr' | 'keys' };

/** Above this many rows the order of the Students region is worked out a few times a second, not at every event. */
const calm = 300;
const pause = 300;

/** What is shown of a session, and how this person has arranged it: filters, ticks, the row that keys act on. */
export class Room {
  readonly live: LiveSession;
  readonly dialog = signal<RoomDialog | null>(null);

  readonly approvalsSearch = signal('');
  readonly approvalsTicks = new Ticks();
  readonly waiting = computed(() => waitingInOrder(this.live.entries.value.values()));
  /** The place of each who waits, whatever is filtered: 1 is next. */
  readonly places = computed(() => new Map(this.waiting.value.map(({ id }, index) => [id, index + 1])));
  readonly approvals = computed(() => {
    const search = this.approvalsSearch.value;
    return this.waiting.value.filter((row) => matches(row, search));
  });
  readonly split = computed(() => splitClean(this.approvals.value));
  /** The waiting, and in their places those decided a moment ago. */
  readonly approvalsShown = computed(() => {
    const entries = this.live.entries.value;
    const gone = [...this.live.departures.rows.value.values()].filter(
      (row) => entries.get(row.id)?.state !== 'waiting' && matches(row, this.approvalsSearch.value),
    );
    return gone.length === 0
      ? this.approvals.value
      : [...this.approvals.value, ...gone].sort((a, b) => a.arrival - b.arrival);
  });
  readonly approvalsCursor = new Cursor(this.approvals);

  readonly studentsSearch = signal('');
  readonly studentsFilter = signal<Filter>('all');
  readonly studentsTicks = new Ticks();
  readonly studentCounts = signal<Record<Filter, number>>(counts([], () => undefined));
  readonly #order = signal<readonly string[]>([]);
  readonly students = computed(() => {
    const entries = this.live.entries.value;
    return this.#order.value.flatMap((id) => entries.get(id) ?? []);
  });
  readonly studentsCursor = new Cursor(this.students);
  readonly overdue = computed(() => {
    let count = 0;
    for (const row of this.live.entries.value.values()) if (row.pendingCommand?.overdue) count += 1;
    return count;
  });

  readonly #stop: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(live: LiveSession) {
    this.live = live;
    let last: unknown[] = [];
    this.#stop = effect(() => {
      const size = live.entries.value.size;
      live.presence.value;
      const asked = [this.studentsFilter.value, this.studentsSearch.value];
      const changed = asked.some((value, index) => value !== last[index]);
      last = asked;
      if (size <= calm || changed) this.#arrange();
      else this.#timer ??= setTimeout(() => this.#arrange(), pause);
    });
  }

  close(): void {
    this.#stop();
    clearTimeout(this.#timer);
  }

  #arrange(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = this.live.entries.peek();
    const presence = this.live.presence.peek();
    const presenceOf = (id: string) => presence.get(id)?.presence;
    const shown = filtered(
      [...rows.values()],
      this.studentsFilter.peek(),
      this.studentsSearch.peek(),
      presenceOf,
    );
    this.#order.value = inOrder(shown, presenceOf).map(({ id }) => id);
    this.studentCounts.value = counts(rows.values(), presenceOf);
  }
}
