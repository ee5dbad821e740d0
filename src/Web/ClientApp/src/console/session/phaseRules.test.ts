import { describe, expect, it } from 'vitest';
import { aSession } from '../aRow.fixture';
import { actionsFor, nextMoment } from './phaseRules';

describe('what is offered on a session', () => {
  it('is nothing to an observer, in any phase', () => {
    for (const phase of [
      'scheduled',
      'lobbyOpen',
      'open',
      'held',
      'draining',
      'closed',
      'cancelled',
    ] as const)
      expect(actionsFor(phase, 'observer')).toEqual([]);
  });

  it('is reopening to administrators alone', () => {
    expect(actionsFor('closed', 'administrator')).toEqual(['reopen']);
    expect(actionsFor('closed', 'manager')).toEqual([]);
  });

  it('is cancelling to those who arrange, before it opens', () => {
    expect(actionsFor('lobbyOpen', 'manager')).toContain('cancel');
    expect(actionsFor('lobbyOpen', 'proctor')).not.toContain('cancel');
    expect(actionsFor('open', 'manager')).not.toContain('cancel');
  });

  it('counts down to the moment that comes next', () => {
    expect(nextMoment(aSession({ phase: 'scheduled' }))?.what).toBe('lobbyOpens');
    expect(nextMoment(aSession({ phase: 'lobbyOpen' }))?.what).toBe('opens');
    expect(nextMoment(aSession({ phase: 'lobbyOpen', startMode: 'manual' }))?.what).toBe('mayOpen');
    expect(nextMoment(aSession({ phase: 'held' }))?.what).toBe('closes');
    expect(nextMoment(aSession({ phase: 'closed' }))).toBeUndefined();
  });
});
