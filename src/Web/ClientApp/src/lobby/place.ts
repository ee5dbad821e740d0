import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { FeedClient, type FeedClientOptions } from '../shared/feedClient';
import { type Problem, problemOfHubError } from '../shared/problems';
import { lobbyReducer, meReducer } from '../shared/reducers';
import type { EntryTokenAnswer, Lobby, LobbyPresence, Me, MePresence } from '../shared/wire';
import { Entering } from './entering';
import type { KeptPlace } from './keptPlaces';
import type { LobbyApi } from './lobbyApi';
import type { Ended } from './status';

export type Command =
  | 'Withdraw'
  | 'Return'
  | 'AskAgain'
  | 'RaiseHand'
  | 'Say'
  | 'PauseTest'
  | 'ResumeTest'
  | 'Unseal';

export interface PlaceOptions extends Pick<FeedClientOptions, 'link' | 'isRefusal' | 'random'> {
  api: LobbyApi;
  go: (url: string) => void;
}

/** A student's place in a lobby, kept over any number of connections: what is known of it and what can be done. */
export class Place {
  readonly kept: KeptPlace;
  readonly client: FeedClient;
  readonly entering: Entering;
  readonly me: ReadonlySignal<Me | null>;
  readonly lobby: ReadonlySignal<Lobby | null>;
  readonly ahead = signal<number | null>(null);
  readonly proctorPresent = signal<boolean | null>(null);
  readonly ended = signal<Ended>(null);
  /** Server time in Unix milliseconds, a new value each second. */
  readonly now = signal(Date.now());
  /** Why the last thing that the student did was refused. */
  readonly failure = signal<Problem | null>(null);
  readonly #api: LobbyApi;
  /** The code was right: the test opens in this window as soon as the section has. */
  #unsealed = false;
  readonly #stop: (() => void)[] = [];
  #tick: ReturnType<typeof setTimeout> | undefined;
  #inquiry: ReturnType<typeof setTimeout> | undefined;

  constructor(kept: KeptPlace, { api, go, ...options }: PlaceOptions) {
    this.kept = kept;
    this.#api = api;
    this.client = new FeedClient({
      ...options,
      pulse: { method: 'Ping', everyMilliseconds: 3000 },
      enter: { method: 'Enter', feeds: ['lobby', 'me'] },
    });
    this.entering = new Entering(
      () => this.client.invoke<EntryTokenAnswer>('EntryToken'),
      go,
      options.random,
    );
    const me = this.client.follow('me', meReducer, {
      onPresence: (changes) => {
        this.ahead.value = newest<MePresence>(changes).ahead ?? this.ahead.value;
      },
    });
    const lobby = this.client.follow('lobby', lobbyReducer, {
      onPresence: (changes) => {
        this.proctorPresent.value =
          newest<LobbyPresence>(changes).proctorPresent ?? this.proctorPresent.value;
      },
    });
    this.me = me.state;
    this.lobby = lobby.state;
    const state = computed(() => me.state.value?.state);
    this.#stop.push(
      effect(() => {
        if ((me.state.value?.device ?? 0) > kept.device) this.#end('takenOver');
      }),
      effect(() => {
        if (this.ended.value === null && me.state.value && lobby.state.value) {
          this.entering.update(me.state.value, lobby.state.value);
        }
      }),
      // A refusal is about the state as it was.
      effect(() => {
        if (state.value) this.failure.value = null;
        if (state.value === 'testing' && this.#unsealed) void this.entering.open();
        if (state.value !== 'atSeal') this.#unsealed = false;
      }),
      effect(() => {
        if (this.client.connection.value === 'refused') this.#inquire();
      }),
      effect(() => {
        if (me.problem.value ?? lobby.problem.value) this.#inquire();
      }),
    );
  }

  start(): void {
    this.client.start();
    this.#beat();
  }

  stop(): void {
    clearTimeout(this.#tick);
    clearTimeout(this.#inquiry);
    for (const stop of this.#stop) stop();
    this.entering.reset();
    this.client.stop();
  }

  /** Sends a command; false when it was refused, with the reason in `failure`. */
  async act(command: Command, ...args: unknown[]): Promise<boolean> {
    this.failure.value = null;
    try {
      await this.client.invoke<Me>(command, ...args);
      return true;
    } catch (error) {
      this.failure.value = problemOfHubError(error);
      return false;
    }
  }

  /** A student at a seal types its code. */
  async unseal(code: string): Promise<boolean> {
    this.#unsealed = true;
    const right = await this.act('Unseal', code);
    this.#unsealed &&= right;
    return right;
  }

  #beat(): void {
    const now = this.client.clock.now();
    this.now.value = now;
    this.#tick = setTimeout(() => this.#beat(), 1010 - (now % 1000));
  }

  /** The hub turned us away without saying why; REST does say. */
  #inquire(): void {
    clearTimeout(this.#inquiry);
    void this.#api.me(this.kept.token).then((answer) => {
      if (this.ended.value !== null) return;
      if (!answer.ok && answer.problem.code === 'takenOver') this.#end('takenOver');
      else if (!answer.ok && [401, 403, 404].includes(answer.problem.status ?? 0)) this.#end('gone');
      else {
        this.#inquiry = setTimeout(() => {
          this.client.stop();
          this.client.start();
        }, 5000);
      }
    });
  }

  #end(why: Ended): void {
    batch(() => {
      this.ended.value = why;
      this.entering.reset();
    });
    this.client.stop();
  }
}

/** Presence says only what differs; the last word on each thing counts. */
function newest<T>(changes: unknown[]): Partial<T> {
  return Object.assign({}, ...changes);
}
