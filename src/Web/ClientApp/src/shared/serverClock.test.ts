import { describe, expect, it } from 'vitest';
import { backoff } from './backoff';
import { seeded } from './fakeHub';
import { ServerClock } from './serverClock';

const iso = (at: number) => new Date(at).toISOString();

describe('the server clock', () => {
  it('is never further off than half the tightest round trip', () => {
    for (let seed = 0; seed < 50; seed++) {
      const random = seeded(seed);
      const truth = Math.round((random() - 0.5) * 10_000_000);
      let local = 1_800_000_000_000;
      const clock = new ServerClock(() => local);
      let tightest = Number.POSITIVE_INFINITY;
      for (let sample = 0; sample < 20; sample++) {
        const out = Math.round(random() * 400);
        const back = Math.round(random() * 400);
        clock.learn(iso(local + out + truth), local, local + out + back);
        local += out + back + 3000;
        tightest = Math.min(tightest, out + back);
        expect(Math.abs(clock.offset - truth)).toBeLessThanOrEqual(tightest / 2 + 1);
      }
    }
  });

  it('starts anew when the local clock was set', () => {
    let local = 1_800_000_000_000;
    const clock = new ServerClock(() => local);
    clock.learn(iso(local + 10), local, local + 20);
    local += 3_600_000;
    clock.learn(iso(local - 3_600_000 + 150), local, local + 300);
    expect(clock.now()).toBe(local - 3_600_000);
  });

  it('takes no answer that is not a time', () => {
    const clock = new ServerClock(() => 5);
    clock.learn('soon', 1, 2);
    expect([clock.known, clock.now()]).toEqual([false, 5]);
  });
});

describe('the back-off', () => {
  it('doubles from 0.3 s to 10 s, jittered over its upper half', () => {
    expect([0, 1, 2, 9, 500].map((attempt) => backoff(attempt, () => 1))).toEqual([
      300, 600, 1200, 10_000, 10_000,
    ]);
    expect(backoff(9, () => 0)).toBe(5000);
  });
});
