import { signal } from '@preact/signals';
import { backoff } from './backoff';
import type { FollowHandlers } from './feedClient';
import { type Problem, problemOfHubError } from './problems';
import { applyAnswer, applyBatch, type Held, type Reducer } from './reducers';
import type { FeedBatch, FeedHead, FollowAnswer, Position } from './wire';

/** How long a feed may stay behind the head that the server repeats before it is followed again. */
const patienceMilliseconds = 2000;
/** Batches kept while an answer is under way; what overflows is a gap and is asked for again. */
const mostKept = 256;

const triedAgain = new Set(['offline', 'throttled', 'unavailable', 'unexpected']);

/** One feed on its way through any number of connections: its position, its state, and one `Follow` at a time. */
export class Following<S> {
  readonly state = signal<S | null>(null);
  readonly problem = signal<Problem | null>(null);
  readonly #reducer: Reducer<S>;
  readonly #ask: (position: Position | null) => Promise<FollowAnswer>;
  readonly #handlers: FollowHandlers<unknown>;
  readonly #random: () => number;
  #held: Held<S> | null = null;
  #kept: FeedBatch[] = [];
  /** Raised by every connection, so that an answer of an earlier one is not taken for this one's. */
  #connection = 0;
  #online = false;
  #asking = false;
  #again = false;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(
    reducer: Reducer<S>,
    ask: (position: Position | null) => Promise<FollowAnswer>,
    handlers: FollowHandlers<unknown>,
    random: () => number,
  ) {
    this.#reducer = reducer;
    this.#ask = ask;
    this.#handlers = handlers;
    this.#random = random;
  }

  get position(): Position | null {
    return this.#held?.position ?? null;
  }

  connected(): void {
    this.#connection += 1;
    this.#online = true;
    this.#asking = false;
    this.#kept = [];
    this.#attempt = 0;
    this.#follow();
  }

  disconnected(): void {
    this.#online = false;
    this.#asking = false;
    this.#clearTimers();
  }

  end(): void {
    this.#ended = true;
    this.disconnected();
  }

  receive(batch: FeedBatch): void {
    if (this.#ended) return;
    // The server may send before its answer arrives; those batches follow on the answer.
    if (this.#asking) {
      if (this.#kept.length < mostKept) this.#kept.push(batch);
      return;
    }
    if (!this.#held) return;
    const before = this.#held.position.seq;
    const { held, gap } = applyBatch(this.#reducer, this.#held, batch);
    if (held !== this.#held) {
      this.#hold(held);
      const applied = batch.events.filter(({ seq }) => seq > before && seq <= held.position.seq);
      this.#handlers.onEvents?.(applied, false);
    }
    if (gap) this.#follow();
  }

  head(head: FeedHead): void {
    if (this.#ended || this.#watch !== undefined || !this.#isBehind(head)) return;
    this.#watch = setTimeout(() => {
      this.#watch = undefined;
      if (this.#isBehind(head)) this.#follow();
    }, patienceMilliseconds);
  }

  presence(changes: unknown[]): void {
    if (!this.#ended) this.#handlers.onPresence?.(changes);
  }

  #isBehind({ epoch, seq }: FeedHead): boolean {
    const position = this.#held?.position;
    return !position || position.epoch !== epoch || position.seq < seq;
  }

  #hold(held: Held<S>): void {
    this.#held = held;
    this.state.value = held.state;
  }

  #follow(): void {
    if (!this.#online || this.#ended) return;
    if (this.#asking) this.#again = true;
    else void this.#askOnce(this.position);
  }

  async #askOnce(position: Position | null): Promise<void> {
    clearTimeout(this.#retry);
    const connection = this.#connection;
    this.#asking = true;
    this.#again = false;
    let answer: FollowAnswer;
    try {
      answer = await this.#ask(position);
    } catch (error) {
      if (connection !== this.#connection || !this.#online || this.#ended) return;
      this.#asking = false;
      const problem = problemOfHubError(error);
      if (!triedAgain.has(problem.code)) {
        this.problem.value = problem;
        return;
      }
      this.#retry = setTimeout(() => this.#follow(), backoff(this.#attempt, this.#random));
      this.#attempt += 1;
      return;
    }
    if (connection !== this.#connection || !this.#online || this.#ended) return;
    this.#asking = false;
    this.#take(answer, position);
  }

  #take(answer: FollowAnswer, asked: Position | null): void {
    const before = this.#held?.position;
    const held = applyAnswer(this.#reducer, this.#held, answer);
    if (!held) {
      // An answer that does not join on is asked for from the start, unhurriedly if that too fails.
      if (asked) void this.#askOnce(null);
      else {
        this.#retry = setTimeout(() => void this.#askOnce(null), backoff(this.#attempt, this.#random));
        this.#attempt += 1;
      }
      return;
    }
    this.#attempt = 0;
    this.problem.value = null;
    this.#hold(held);
    const missed = answer.events.filter(
      ({ seq }) => !before || before.epoch !== answer.epoch || seq > before.seq,
    );
    if (missed.length) this.#handlers.onEvents?.(missed, true);
    const kept = this.#kept;
    this.#kept = [];
    const again = this.#again;
    this.#again = false;
    for (const batch of kept) if (!this.#asking) this.receive(batch);
    if (again && !this.#asking) this.#follow();
  }

  #clearTimers(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    this.#watch = undefined;
  }
}
