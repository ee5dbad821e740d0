import { computed, signal } from '@preact/signals';
import { sessionReducer } from '../../shared/reducers';
import type {
  EntryPresence,
  EntryRow,
  FeedEvent,
  Person,
  PresenceState,
  SessionEventData,
  StaffPresence,
} from '../../shared/wire';
import { ActivityLog } from '../activity/activityLog';
import { Decisions } from '../approvals/decisions';
import { Departures } from '../approvals/departures';
import { client } from '../hub';
import { rings } from './newRequests';

const nobody: ReadonlyMap<string, EntryRow> = new Map();

/** One session as it is followed: what the feed says, who is present, and what this proctor has under way. */
export class LiveSession {
  readonly id: string;
  readonly activity = new ActivityLog();
  readonly departures = new Departures();
  readonly decisions: Decisions;
  readonly presence = signal<ReadonlyMap<string, EntryPresence>>(new Map());
  /** Staff who look at this session now, this person included. */
  readonly staff = signal<readonly Person[]>([]);
  /** Raised by every request that arrives while the page is open. */
  readonly requests = signal(0);
  readonly #followed;

  constructor(id: string) {
    this.id = id;
    this.#followed = client.follow(`session:${id}`, sessionReducer, {
      onEvents: (events, missed) => this.#heard(events, missed),
      onPresence: (changes) => this.#present(changes as (EntryPresence | StaffPresence)[]),
    });
    this.decisions = new Decisions(id, (entry) => this.entries.peek().get(entry));
  }

  readonly session = computed(() => this.#followed.state.value?.session ?? null);
  readonly entries = computed(() => this.#followed.state.value?.entries ?? nobody);
  readonly problem = computed(() => this.#followed.problem.value);

  presenceOf = (id: string): PresenceState | undefined => this.presence.value.get(id)?.presence;

  close(): void {
    this.#followed.unfollow();
    this.departures.close();
  }

  #heard(events: FeedEvent<SessionEventData>[], missed: boolean): void {
    this.activity.add(events);
    if (!missed) this.departures.add(events);
    if (events.some(rings)) this.requests.value += 1;
  }

  #present(changes: (EntryPresence | StaffPresence)[]): void {
    let presence: Map<string, EntryPresence> | null = null;
    for (const change of changes) {
      if ('staff' in change) this.staff.value = change.staff;
      else {
        presence ??= new Map(this.presence.value);
        presence.set(change.id, change);
      }
    }
    if (presence) this.presence.value = presence;
  }
}
