import { signal } from '@preact/signals';
import { backoff } from '../shared/backoff';
import { type Problem, problemOfHubError } from '../shared/problems';
import type { EntryTokenAnswer, Lobby, Me } from '../shared/wire';

/**
 * `soon`: let in, waiting out the jitter that keeps a whole session from arriving in one instant.
 * `retrying` and `stopped` carry why; `stopped` waits for the next event or for the student.
 */
export type EnteringState =
  | { kind: 'idle' | 'soon' | 'asking' | 'leaving' }
  | { kind: 'retrying' | 'stopped'; problem: Problem };

/** Refusals that time or an event will lift. */
const passing = new Set([
  'windowNotOpen',
  'sessionHeld',
  'notApproved',
  'offline',
  'throttled',
  'unavailable',
  'unexpected',
  'commandPending',
]);

/** From approval and an open window to the delivery system's page: jitter, entry token, go. */
export class Entering {
  readonly state = signal<EnteringState>({ kind: 'idle' });
  readonly #fetchToken: () => Promise<EntryTokenAnswer>;
  readonly #go: (url: string) => void;
  readonly #random: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #wanted = false;
  /** What the last try was based on: another value means that something happened since. */
  #seen = '';

  constructor(
    fetchToken: () => Promise<EntryTokenAnswer>,
    go: (url: string) => void,
    random: () => number = Math.random,
  ) {
    this.#fetchToken = fetchToken;
    this.#go = go;
    this.#random = random;
  }

  /** Called with every state of the two feeds. */
  update(me: Me, lobby: Lobby): void {
    const wanted = me.state === 'approved' && lobby.phase === 'open';
    const seen = `${me.state} ${me.version} ${lobby.phase} ${lobby.phaseSince} ${lobby.scheduleVersion}`;
    const news = seen !== this.#seen;
    this.#seen = seen;
    const { kind } = this.state.value;
    if (!wanted) {
      // What was refused belongs to what was so then.
      if (news && kind !== 'asking' && kind !== 'leaving') this.reset();
      this.#wanted = false;
      return;
    }
    const begins = !this.#wanted;
    this.#wanted = true;
    if (kind === 'asking' || kind === 'leaving') return;
    if (!begins && !(news && (kind === 'retrying' || kind === 'stopped'))) return;
    this.#attempt = 0;
    this.#later('soon', this.#random() * lobby.admitJitterMilliseconds);
  }

  /** The student asks: back into a test that is under way, or once more after a refusal. */
  open(): Promise<void> {
    clearTimeout(this.#timer);
    this.#attempt = 0;
    return this.#ask();
  }

  /** The page is shown again after it had gone to the test, or entering is no longer due. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#wanted = false;
    this.state.value = { kind: 'idle' };
  }

  #later(kind: 'soon', wait: number): void {
    clearTimeout(this.#timer);
    this.state.value = { kind };
    this.#timer = setTimeout(() => void this.#ask(), wait);
  }

  async #ask(): Promise<void> {
    const { kind } = this.state.value;
    if (kind === 'asking' || kind === 'leaving') return;
    this.state.value = { kind: 'asking' };
    try {
      const { launchUrl } = await this.#fetchToken();
      if (!/^https?:$/.test(new URL(launchUrl, 'https://relative.invalid').protocol)) {
        this.state.value = { kind: 'stopped', problem: { code: 'unreadable', detail: '' } };
        return;
      }
      this.state.value = { kind: 'leaving' };
      this.#go(launchUrl);
    } catch (error) {
      this.#refused(problemOfHubError(error));
    }
  }

  #refused(problem: Problem): void {
    if (!passing.has(problem.code) || !this.#wanted) {
      this.state.value = { kind: 'stopped', problem };
      return;
    }
    this.state.value = { kind: 'retrying', problem };
    this.#timer = setTimeout(() => void this.#ask(), backoff(this.#attempt, this.#random, 1000, 15_000));
    this.#attempt += 1;
  }
}
