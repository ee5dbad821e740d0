import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { backoff } from './backoff';
import { Following } from './following';
import { offline, type Problem, ProblemError, problemOfHubError } from './problems';
import type { Reducer } from './reducers';
import { ServerClock } from './serverClock';
import type { FeedBatch, FeedEvent, FeedHead, FollowAnswer, Now, Position, PresenceBatch } from './wire';

export type Transport = 'webSocket' | 'negotiated';

/** What the client needs of a hub connection: one try, from start to close. */
export interface HubLink {
  start(): Promise<void>;
  stop(): Promise<void>;
  invoke<T>(method: string, ...args: unknown[]): Promise<T>;
  on(method: string, handler: (argument: never) => void): void;
  onClose(handler: (error?: Error) => void): void;
}

/**
 * `refused`: the server turned this caller away (signed out, token no longer valid); it does not try again until
 * `start` is called.
 */
export type ConnectionState = 'stopped' | 'connecting' | 'connected' | 'reconnecting' | 'refused';

export interface FeedClientOptions {
  link: (transport: Transport) => HubLink;
  isRefusal: (error: unknown) => boolean;
  /** The hub method that answers `{now}`: it proves that the connection lives and sets the clock. */
  pulse: { method: 'Ping' | 'Clock'; everyMilliseconds: number; timeoutMilliseconds?: number };
  /** A hub method that follows these feeds by one call: it takes their positions in this order, and answers by name. */
  enter?: { method: 'Enter'; feeds: readonly string[] };
  random?: () => number;
}

/** A feed that is being followed. `state` is null until the first answer. */
export interface Followed<S> {
  readonly state: ReadonlySignal<S | null>;
  /** Why the feed cannot be followed, when the server refused it for good. */
  readonly problem: ReadonlySignal<Problem | null>;
  unfollow(): void;
}

export interface FollowHandlers<Data> {
  /** Events as they are applied, in order and once; `missed` when they come from `Follow`'s answer. */
  onEvents?: (events: FeedEvent<Data>[], missed: boolean) => void;
  /** Ephemeral changes; newest wins. */
  onPresence?: (changes: unknown[]) => void;
}

/** A feed that a connection begins with, until it is known by which call it is followed. */
interface Beginning {
  position: Position | null;
  resolve: (answer: FollowAnswer | Promise<FollowAnswer>) => void;
}

/**
 * One hub connection that never gives up, and the feeds followed through it. Feeds keep their position across
 * connections, so whatever was missed is asked for again and nothing is shown twice.
 */
export class FeedClient {
  readonly clock = new ServerClock();
  readonly #connection = signal<ConnectionState>('stopped');
  readonly #retryAt = signal<number | null>(null);
  readonly #heardAt = signal<number | null>(null);
  readonly #options: FeedClientOptions;
  readonly #feeds = new Map<string, Following<unknown>>();
  #link: HubLink | null = null;
  #beginnings: Map<string, Beginning> | null = null;
  #attempt = 0;
  #transport: Transport = 'webSocket';
  #webSocketWorked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pulseTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FeedClientOptions) {
    this.#options = options;
  }

  get connection(): ReadonlySignal<ConnectionState> {
    return this.#connection;
  }

  /** Local milliseconds of the next try while reconnecting. */
  get retryAt(): ReadonlySignal<number | null> {
    return this.#retryAt;
  }

  /** Server milliseconds at which the server was last heard: how old everything shown is while it is away. */
  get heardAt(): ReadonlySignal<number | null> {
    return this.#heardAt;
  }

  start(): void {
    if (this.#connection.value !== 'stopped' && this.#connection.value !== 'refused') return;
    this.#attempt = 0;
    this.#connection.value = 'connecting';
    void this.#connect();
  }

  stop(): void {
    this.#connection.value = 'stopped';
    this.#drop();
  }

  /** Tries at once: the network came back, the page was shown again, or somebody asked. */
  hurry(): void {
    if (this.#connection.value === 'connected') void this.#pulse();
    else if (this.#timer !== undefined) {
      this.#clearTimers();
      this.#attempt = 0;
      void this.#connect();
    }
  }

  follow<S, Snapshot, Data>(
    feed: string,
    reducer: Reducer<S, Snapshot, Data>,
    handlers: FollowHandlers<Data> = {},
  ): Followed<S> {
    this.#feeds.get(feed)?.end();
    const following = new Following<S>(
      reducer as Reducer<S>,
      (position) => this.#ask(feed, position),
      handlers as FollowHandlers<unknown>,
      this.#options.random ?? Math.random,
    );
    this.#feeds.set(feed, following as unknown as Following<unknown>);
    if (this.#connection.value === 'connected') following.connected();
    return {
      state: following.state,
      problem: following.problem,
      unfollow: () => {
        following.end();
        if (this.#feeds.get(feed) !== (following as unknown)) return;
        this.#feeds.delete(feed);
        this.#link?.invoke('Unfollow', feed).catch(() => {});
      },
    };
  }

  /** Calls a hub method; a refusal, or `offline` when there is no connection, is thrown as ProblemError. */
  async invoke<T>(method: string, ...args: unknown[]): Promise<T> {
    const link = this.#link;
    if (!link || this.#connection.value !== 'connected') throw new ProblemError(offline);
    try {
      return await link.invoke<T>(method, ...args);
    } catch (error) {
      throw new ProblemError(problemOfHubError(error));
    }
  }

  async #connect(): Promise<void> {
    this.#clearTimers();
    const link = this.#options.link(this.#transport);
    this.#link = link;
    link.on('Feed', (batch: FeedBatch) => {
      this.#heard();
      this.#feeds.get(batch.feed)?.receive(batch);
    });
    link.on('Head', (heads: FeedHead[]) => {
      this.#heard();
      for (const head of heads) this.#feeds.get(head.feed)?.head(head);
    });
    link.on('Presence', (batch: PresenceBatch) => this.#feeds.get(batch.feed)?.presence(batch.changes));
    link.onClose(() => this.#lost(link));
    try {
      await link.start();
    } catch (error) {
      if (this.#link !== link) return;
      this.#link = null;
      if (this.#options.isRefusal(error)) {
        this.#connection.value = 'refused';
        return;
      }
      this.#transport = this.#nextTransport();
      this.#retryLater();
      return;
    }
    if (this.#link !== link) {
      void link.stop().catch(() => {});
      return;
    }
    this.#attempt = 0;
    this.#webSocketWorked ||= this.#transport === 'webSocket';
    this.#connection.value = 'connected';
    this.#begin();
    void this.#pulse();
  }

  /** Thousands of pages connect at one moment when a node goes away: what each of them asks for counts. */
  #begin(): void {
    const beginnings = new Map<string, Beginning>();
    this.#beginnings = beginnings;
    for (const following of this.#feeds.values()) following.connected();
    this.#beginnings = null;
    const { enter } = this.#options;
    const together = enter?.feeds.every((feed) => beginnings.has(feed)) ? enter : null;
    const positions = together?.feeds.map((feed) => beginnings.get(feed)?.position ?? null) ?? [];
    const entered = together && this.#entered(together.method, positions);
    for (const [feed, { position, resolve }] of beginnings) {
      const answer = entered?.then((answers) => answers[feed] as FollowAnswer);
      resolve(answer ?? this.#timed<FollowAnswer>('Follow', feed, position));
    }
  }

  async #entered(method: string, positions: unknown[]): Promise<Record<string, FollowAnswer>> {
    const sentAt = Date.now();
    const answers = await this.invoke<Record<string, FollowAnswer>>(method, ...positions);
    for (const { now } of Object.values(answers)) this.clock.learn(now, sentAt, Date.now());
    this.#heard();
    return answers;
  }

  #ask(feed: string, position: Position | null): Promise<FollowAnswer> {
    const beginnings = this.#options.enter?.feeds.includes(feed) ? this.#beginnings : null;
    if (!beginnings) return this.#timed<FollowAnswer>('Follow', feed, position);
    return new Promise((resolve) => beginnings.set(feed, { position, resolve }));
  }

  /** What works is kept. Negotiation is still tried now and then: only it can tell that we are refused. */
  #nextTransport(): Transport {
    if (this.#webSocketWorked) return this.#attempt % 3 === 1 ? 'negotiated' : 'webSocket';
    return this.#transport === 'webSocket' ? 'negotiated' : 'webSocket';
  }

  #heard(): void {
    this.#heardAt.value = this.clock.now();
  }

  #lost(link: HubLink): void {
    if (this.#link !== link) return;
    this.#link = null;
    this.#retryLater();
  }

  #retryLater(): void {
    this.#clearTimers();
    for (const following of this.#feeds.values()) following.disconnected();
    if (this.#connection.value === 'stopped') return;
    this.#connection.value = this.#connection.value === 'connecting' ? 'connecting' : 'reconnecting';
    const wait = backoff(this.#attempt, this.#options.random ?? Math.random);
    this.#attempt += 1;
    (this.#retryAt as Signal<number | null>).value = Date.now() + wait;
    this.#timer = setTimeout(() => void this.#connect(), wait);
  }

  #drop(): void {
    this.#clearTimers();
    const link = this.#link;
    this.#link = null;
    for (const following of this.#feeds.values()) following.disconnected();
    void link?.stop().catch(() => {});
  }

  #clearTimers(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#pulseTimer);
    this.#timer = undefined;
    this.#pulseTimer = undefined;
    this.#retryAt.value = null;
  }

  /** A call whose answer carries the server's `now`. */
  async #timed<T extends Now>(method: string, ...args: unknown[]): Promise<T> {
    const sentAt = Date.now();
    const answer = await this.invoke<T>(method, ...args);
    this.clock.learn(answer.now, sentAt, Date.now());
    this.#heard();
    return answer;
  }

  /** A pulse without an answer in time means a dead connection that nobody closed: after sleep, behind a proxy. */
  async #pulse(): Promise<void> {
    const link = this.#link;
    if (!link) return;
    const { method, everyMilliseconds, timeoutMilliseconds = 15_000 } = this.#options.pulse;
    clearTimeout(this.#pulseTimer);
    this.#pulseTimer = setTimeout(() => {
      if (this.#link !== link) return;
      this.#drop();
      this.#retryLater();
    }, timeoutMilliseconds);
    await this.#timed<Now>(method).catch(() => {});
    if (this.#link !== link) return;
    clearTimeout(this.#pulseTimer);
    this.#pulseTimer = setTimeout(() => void this.#pulse(), everyMilliseconds);
  }
}
