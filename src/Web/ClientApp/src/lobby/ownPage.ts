import { signal } from '@preact/signals';
import { newIdempotencyKey, type Result } from '../shared/api';
import type { Problem } from '../shared/problems';
import type { OwnPage, OwnStartAnswer, OwnTest } from '../shared/wire';
import type { LobbyApi } from './lobbyApi';

const everyMilliseconds = 30_000;

/** A student's own page: what it shows, kept up to date, and the starts from it. */
export class OwnTests {
  readonly page = signal<OwnPage | null>(null);
  /** Why there is no page. */
  readonly problem = signal<Problem | null>(null);
  /** Server time in Unix milliseconds. */
  readonly now = signal(Date.now());
  /** What is being started, by its key. */
  readonly busy = signal<string | null>(null);
  /** Why the last start was refused, by its key. */
  readonly refused = signal<{ key: string; problem: Problem } | null>(null);
  readonly #secret: string;
  readonly #api: LobbyApi;
  #offset = 0;
  #readAt = 0;
  #tick: ReturnType<typeof setInterval> | undefined;
  #last = { body: '', key: '' };

  constructor(secret: string, api: LobbyApi) {
    this.#secret = secret;
    this.#api = api;
  }

  start(): void {
    void this.read();
    this.#tick = setInterval(() => {
      this.now.value = Date.now() + this.#offset;
      if (this.#due()) void this.read();
    }, 1000);
  }

  stop(): void {
    clearInterval(this.#tick);
  }

  async read(): Promise<void> {
    this.#readAt = Date.now();
    const answer = await this.#api.own(this.#secret);
    if (answer.ok) {
      this.#offset = Date.parse(answer.value.now) - Date.now();
      this.now.value = Date.now() + this.#offset;
      this.page.value = answer.value;
      this.problem.value = null;
    } else if (!this.page.value || answer.problem.code === 'notFound') {
      this.page.value = null;
      this.problem.value = answer.problem;
    }
  }

  begin(test: OwnTest, code: string): Promise<OwnStartAnswer | null> {
    return this.#go(test.id, code, (key) => this.#api.startOwn(this.#secret, test.id, code, key));
  }

  practise(testCode: string): Promise<OwnStartAnswer | null> {
    return this.#go(testCode, '', (key) => this.#api.practise(this.#secret, testCode, key));
  }

  async #go(
    what: string,
    code: string,
    send: (key: string) => Promise<Result<OwnStartAnswer>>,
  ): Promise<OwnStartAnswer | null> {
    if (this.busy.value) return null;
    const body = `${what} ${code}`;
    if (body !== this.#last.body) this.#last = { body, key: newIdempotencyKey() };
    this.busy.value = what;
    this.refused.value = null;
    const answer = await send(this.#last.key);
    this.busy.value = null;
    // A start whose answer was lost is asked for again under the same key.
    if (answer.ok || !['offline', 'unreadable'].includes(answer.problem.code))
      this.#last = { body: '', key: '' };
    if (answer.ok) return answer.value;
    this.refused.value = { key: what, problem: answer.problem };
    if (!['codeRequired', 'codeWrong', 'offline'].includes(answer.problem.code)) void this.read();
    return null;
  }

  /** A lobby that should be open by now is asked for every few seconds; everything else now and then. */
  #due(): boolean {
    const waited = Date.now() - this.#readAt;
    const opening = this.page.value?.registrations.some(
      ({ state, lobbyOpensAt }) =>
        state === 'locked' && lobbyOpensAt && Date.parse(lobbyOpensAt) <= this.now.value,
    );
    return waited > (opening ? 3000 : everyMilliseconds);
  }
}
