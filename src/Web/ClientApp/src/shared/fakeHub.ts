import type { HubLink } from './feedClient';
import type { FeedEvent, FollowAnswer, Position } from './wire';

/**
 * A server in memory for tests: one log per feed, and links whose `Feed` messages may be lost, repeated or sent out
 * of turn. Only time (the caller's fake timers) and `random` drive it.
 */
export class FakeHub {
  readonly feeds = new Map<string, FakeFeed>();
  readonly links: FakeLink[] = [];
  readonly invoked: { method: string; args: unknown[] }[] = [];
  /** Chances of 0–1 for what happens to each `Feed` message. */
  faults = { lose: 0, repeat: 0, delay: 0 };
  refuse: ((transport: string) => Error | null) | null = null;
  answers: Record<string, (...args: unknown[]) => unknown> = {};
  readonly random: () => number;

  constructor(random: () => number = () => 0.5) {
    this.random = random;
  }

  link = (transport: string): HubLink => {
    const link = new FakeLink(this, transport);
    this.links.push(link);
    return link;
  };

  get live(): FakeLink[] {
    return this.links.filter((link) => link.open);
  }

  feed(name: string): FakeFeed {
    let feed = this.feeds.get(name);
    if (!feed) {
      feed = { epoch: 'e1', seq: 0, log: [], kept: 0, snapshot: () => ({}) };
      this.feeds.set(name, feed);
    }
    return feed;
  }

  /** Appends an event and sends it, as the faults allow, to everyone who follows. */
  publish(name: string, kind: string, data: unknown): void {
    const feed = this.feed(name);
    feed.seq += 1;
    const event: FeedEvent = { seq: feed.seq, kind, at: new Date().toISOString(), data };
    feed.log.push(event);
    for (const link of this.live) if (link.following.has(name)) this.#send(link, name, feed.epoch, event);
  }

  /** Tells every follower where its feeds stand. */
  heads(): void {
    for (const link of this.live) {
      const heads = [...link.following].map((feed) => ({
        feed,
        epoch: this.feed(feed).epoch,
        seq: this.feed(feed).seq,
      }));
      link.receive('Head', heads);
    }
  }

  /** The history is lost: another epoch begins where the state stands. */
  newEpoch(name: string): void {
    const feed = this.feed(name);
    feed.epoch = `${feed.epoch}x`;
    feed.seq = Math.floor(this.random() * 5);
    feed.log = [];
  }

  follow(name: string, position: Position | null): FollowAnswer {
    const feed = this.feed(name);
    const first = feed.log[0]?.seq ?? feed.seq + 1;
    const answer = { feed: name, epoch: feed.epoch, seq: feed.seq, now: new Date().toISOString() };
    const replays = position && position.epoch === feed.epoch && position.seq + 1 >= first;
    return replays
      ? { ...answer, snapshot: null, events: feed.log.filter((event) => event.seq > position.seq) }
      : { ...answer, snapshot: structuredClone(feed.snapshot()), events: [] };
  }

  #send(link: FakeLink, feed: string, epoch: string, event: FeedEvent): void {
    if (this.random() < this.faults.lose) return;
    const send = () => link.receive('Feed', { feed, epoch, events: [event] });
    if (this.random() < this.faults.delay) setTimeout(send, this.random() * 500);
    else send();
    if (this.random() < this.faults.repeat) send();
  }
}

export interface FakeFeed {
  epoch: string;
  seq: number;
  log: FeedEvent[];
  kept: number;
  snapshot: () => unknown;
}

export class FakeLink implements HubLink {
  open = false;
  readonly following = new Set<string>();
  readonly transport: string;
  readonly #hub: FakeHub;
  readonly #handlers = new Map<string, (argument: never) => void>();
  #onClose: (error?: Error) => void = () => {};

  constructor(hub: FakeHub, transport: string) {
    this.#hub = hub;
    this.transport = transport;
  }

  async start(): Promise<void> {
    const refusal = this.#hub.refuse?.(this.transport);
    if (refusal) throw refusal;
    this.open = true;
  }

  async stop(): Promise<void> {
    this.cut();
  }

  /** The connection breaks; calls under way fail. */
  cut(): void {
    if (!this.open) return;
    this.open = false;
    this.#onClose(new Error('cut'));
  }

  async invoke<T>(method: string, ...args: unknown[]): Promise<T> {
    this.#hub.invoked.push({ method, args });
    if (method === 'Unfollow') this.following.delete(String(args[0]));
    if (method === 'Follow') this.following.add(String(args[0]));
    if (method === 'Enter') for (const feed of ['lobby', 'me']) this.following.add(feed);
    // The answer is read now and arrives later, so that events may overtake it.
    const answer = this.#answer(method, args);
    await new Promise((resolve) => setTimeout(resolve, this.#hub.random() * 200));
    if (!this.open) throw new Error('Invocation canceled due to the underlying connection being closed.');
    if (answer instanceof Error) throw answer;
    return answer as T;
  }

  on(method: string, handler: (argument: never) => void): void {
    this.#handlers.set(method, handler);
  }

  onClose(handler: (error?: Error) => void): void {
    this.#onClose = handler;
  }

  receive(method: string, argument: unknown): void {
    if (this.open) this.#handlers.get(method)?.(argument as never);
  }

  #answer(method: string, args: unknown[]): unknown {
    const custom = this.#hub.answers[method];
    if (custom) return custom(...args);
    if (method === 'Follow') return this.#hub.follow(String(args[0]), args[1] as Position | null);
    if (method === 'Enter') {
      const [lobby, me] = args as (Position | null)[];
      return { lobby: this.#hub.follow('lobby', lobby ?? null), me: this.#hub.follow('me', me ?? null) };
    }
    return { now: new Date().toISOString() };
  }
}

/** A small seeded generator (mulberry32), so that a failing run can be repeated by its seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
