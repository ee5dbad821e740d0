import { describe, expect, it } from 'vitest';
import type { EntryState, Lobby, Me, SessionPhase } from '../shared/wire';
import { statusOf, stepsOf, tones } from './status';
import { words as en } from './text/en';
import { countdownText } from './times';

const states: EntryState[] = [
  'waiting',
  'approved',
  'denied',
  'withdrawn',
  'entering',
  'testing',
  'paused',
  'atSeal',
  'interrupted',
  'submitted',
  'terminated',
  'noShow',
  'expired',
  'moved',
  'removed',
];
const phases: SessionPhase[] = ['scheduled', 'lobbyOpen', 'open', 'held', 'draining', 'closed', 'cancelled'];
const of = (state: EntryState, phase: SessionPhase, more: object = {}) =>
  statusOf(
    { state, mayAskAgain: true, ...more } as Me,
    { phase, startMode: 'automatic', ...more } as Lobby,
    null,
  );

describe('what the page says', () => {
  it('has words and a colour for every state in every phase', () => {
    for (const state of states) {
      for (const phase of phases) {
        const kind = of(state, phase);
        for (const part of ['word', 'title', 'body'] as const) {
          expect(en[`status.${kind}.${part}`], `${state} in ${phase}`).toBeTruthy();
        }
        expect(tones[kind]).toBeTruthy();
      }
    }
  });

  it('follows the session where that decides', () => {
    expect(of('approved', 'lobbyOpen')).toBe('approved');
    expect(of('approved', 'lobbyOpen', { startMode: 'manual' })).toBe('approvedManual');
    expect(of('approved', 'open')).toBe('opening');
    expect(of('approved', 'held')).toBe('held');
    expect(of('waiting', 'held')).toBe('waiting');
    expect(of('submitted', 'held')).toBe('submitted');
    expect(of('waiting', 'cancelled')).toBe('cancelled');
    expect(of('denied', 'open', { mayAskAgain: false })).toBe('deniedForGood');
  });

  it('shows the way only while there is one', () => {
    expect(stepsOf('waiting')).toEqual(['done', 'now', 'later']);
    expect(stepsOf('approved')).toEqual(['done', 'done', 'now']);
    expect(stepsOf('denied')).toBeNull();
  });

  it('counts down in whole seconds and stops at zero', () => {
    expect([3_723_000, 750_000, 8_100, 1, 0, -5].map(countdownText)).toEqual([
      '1:02:03',
      '12:30',
      '0:09',
      '0:01',
      '0:00',
      '0:00',
    ]);
  });
});
