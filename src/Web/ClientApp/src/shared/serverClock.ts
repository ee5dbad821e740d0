/**
 * The server's clock as seen from here. Every exchange proves that the offset lies within half its round trip of
 * the midpoint; the tightest proof wins. A proof that contradicts the one held means that a clock was set or the
 * machine slept, and starts anew.
 */
export class ServerClock {
  #offset = 0;
  #slack = Number.POSITIVE_INFINITY;
  readonly #local: () => number;

  constructor(local: () => number = Date.now) {
    this.#local = local;
  }

  /** Takes in the server's `now` of a call sent and answered at these local milliseconds. */
  learn(serverNow: string, sentAt: number, answeredAt: number): void {
    const server = Date.parse(serverNow);
    if (Number.isNaN(server) || answeredAt < sentAt) return;
    const offset = server - (sentAt + answeredAt) / 2;
    const slack = (answeredAt - sentAt) / 2;
    const contradicts = Math.abs(offset - this.#offset) > slack + this.#slack + 5;
    if (slack <= this.#slack || contradicts) {
      this.#offset = offset;
      this.#slack = slack;
    }
  }

  /** Server time now, in Unix milliseconds; local time until the first exchange. */
  now(): number {
    return this.#local() + this.#offset;
  }

  /** Server minus local, in milliseconds; 0 until the first exchange. */
  get offset(): number {
    return this.#offset;
  }

  get known(): boolean {
    return this.#slack < Number.POSITIVE_INFINITY;
  }

  /** Half the tightest round trip, in milliseconds: how far `now` may be off. */
  get slack(): number {
    return this.#slack;
  }
}
