/**
 * Milliseconds to wait before try number `attempt` (from 0): doubling from `first` to `most`, and jittered over the
 * upper half so that thousands cut off together do not come back together.
 */
export function backoff(attempt: number, random: () => number, first = 300, most = 10_000): number {
  const full = Math.min(most, first * 2 ** Math.min(attempt, 20));
  return Math.round(full / 2 + (random() * full) / 2);
}
