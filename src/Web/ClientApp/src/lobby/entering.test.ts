import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../shared/problems';
import type { EntryTokenAnswer, Lobby, Me } from '../shared/wire';
import { Entering } from './entering';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const approved = { state: 'approved', version: 3 } as Me;
const early = {
  phase: 'lobbyOpen',
  phaseSince: 'a',
  scheduleVersion: 1,
  admitJitterMilliseconds: 2000,
} as Lobby;
const open = { ...early, phase: 'open', phaseSince: 'b' } as Lobby;
const held = { ...early, phase: 'held', phaseSince: 'c' } as Lobby;
const token = { token: 't', launchUrl: 'https://delivery.example/#entry=t', expiresAt: '' };

function build(fetchToken: () => Promise<EntryTokenAnswer> = async () => token) {
  const fetched = vi.fn(fetchToken);
  const go = vi.fn<(url: string) => void>();
  return { entering: new Entering(fetched, go, () => 0.5), fetched, go };
}

const refuse = (code: string) => Promise.reject(new ProblemError({ code, detail: 'No.' }));

describe('entering the test', () => {
  it('waits for the window, then for its share of the jitter, and goes once', async () => {
    const { entering, go } = build();
    entering.update(approved, early);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(go).not.toHaveBeenCalled();
    entering.update(approved, open);
    entering.update({ ...approved, version: 4 }, open);
    await vi.advanceTimersByTimeAsync(999);
    expect(go).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(5000);
    expect(go.mock.calls).toEqual([[token.launchUrl]]);
  });

  it('does not go when everyone is paused meanwhile', async () => {
    const { entering, fetched } = build();
    entering.update(approved, open);
    entering.update(approved, held);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fetched).not.toHaveBeenCalled();
    entering.update(approved, open);
    await vi.advanceTimersByTimeAsync(3000);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('tries again, slower each time, while the refusal may pass', async () => {
    const { entering, fetched } = build(() => refuse('windowNotOpen'));
    entering.update(approved, open);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(entering.state.value.kind).toBe('retrying');
    expect(fetched.mock.calls.length).toBeGreaterThan(4);
    expect(fetched.mock.calls.length).toBeLessThan(12);
  });

  it('stops at a refusal that will not pass, until something happens', async () => {
    const { entering, fetched } = build(() => refuse('windowClosed'));
    entering.update(approved, open);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(entering.state.value.kind).toBe('stopped');
    expect(fetched).toHaveBeenCalledTimes(1);
    entering.update({ ...approved, version: 9 }, open);
    await vi.advanceTimersByTimeAsync(2000);
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it('forgets a refusal when the state has moved on', async () => {
    const { entering } = build(() => refuse('approvalNeeded'));
    entering.update({ ...approved, state: 'interrupted' }, open);
    await entering.open();
    expect(entering.state.value.kind).toBe('stopped');
    entering.update({ ...approved, state: 'waiting' }, open);
    expect(entering.state.value.kind).toBe('idle');
  });

  it('goes nowhere but to a web address', async () => {
    const { entering, go } = build(async () => ({ ...token, launchUrl: 'javascript:alert(1)' }));
    await entering.open();
    expect(go).not.toHaveBeenCalled();
    expect(entering.state.value.kind).toBe('stopped');
  });
});
