import { describe, expect, it } from 'vitest';
import { mailStates } from './MailBadge';
import { isUnderWay, maySend, maySettle, tally } from './mailRules';

describe('what may be done with a mail', () => {
  it('never offers to send again what was sent or is being handed over', () => {
    expect(mailStates.filter(maySend)).toEqual(['waiting', 'failed', 'unconfirmed', 'written']);
  });
  it('offers to say that it has arrived only where the program does not go on by itself', () => {
    expect(mailStates.filter(maySettle)).toEqual(['failed', 'unconfirmed', 'written']);
    expect(mailStates.filter(isUnderWay).some(maySettle)).toBe(false);
  });
  it('tells what was left alone apart', () => {
    const results = ['sending', 'superseded', 'sending', 'alreadySent'].map((outcome, id) => ({
      id: `${id}`,
      outcome,
    }));
    expect(tally(results, 'sending')).toEqual({ done: 2, skipped: 2 });
  });
});
