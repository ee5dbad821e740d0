import { describe, expect, it } from 'vitest';
import { aSession } from '../aRow.fixture';
import { changedSince, draftOf, mendsOf, newDraft, requestOf } from './draft';

const now = Date.parse('2026-11-21T09:07:00Z');

function filled() {
  return { ...newDraft(now, 'Europe/Madrid'), name: ' Grade 8 ', tests: ['MATH8'], startNow: false };
}

describe('the session form', () => {
  it('proposes the next quarter of an hour, in the zone', () => {
    expect(newDraft(now, 'Europe/Madrid')).toMatchObject({
      opens: '2026-11-21T10:30',
      closes: '2026-11-21T12:30',
    });
  });

  it('asks for the window in UTC', () => {
    expect(requestOf(filled())).toEqual({
      name: 'Grade 8',
      mode: 'inPerson',
      timeZone: 'Europe/Madrid',
      tests: ['MATH8'],
      startMode: 'automatic',
      opensAt: '2026-11-21T09:30:00.000Z',
      closesAt: '2026-11-21T11:30:00.000Z',
    });
  });

  it('asks for no window when it starts now', () => {
    const request = requestOf({ ...filled(), startNow: true });
    expect(request).toMatchObject({ startNow: true });
    expect(request).not.toHaveProperty('opensAt');
  });

  it('is not sent without a name and a test', () => {
    expect(mendsOf({ ...filled(), name: '  ', tests: [] })).toEqual({
      name: 'nameMissing',
      tests: 'testsMissing',
    });
  });

  it('is not sent with a window that ends before it begins, or lasts for months', () => {
    expect(mendsOf({ ...filled(), closes: '2026-11-21T10:30' })).toEqual({ closesAt: 'backwards' });
    expect(mendsOf({ ...filled(), closes: '2027-02-21T10:30' })).toEqual({ closesAt: 'tooLong' });
    expect(mendsOf({ ...filled(), opens: '' })).toEqual({ opensAt: 'unreadable' });
  });

  it('is not sent with a time that the clocks jump over', () => {
    const draft = { ...filled(), opens: '2026-03-29T02:30', closes: '2026-03-29T05:00' };
    expect(mendsOf(draft)).toEqual({ opensAt: { skipped: '02:30' } });
  });

  it('measures a window across a clock change in real time', () => {
    const draft = { ...filled(), opens: '2026-10-25T01:00', closes: '2026-10-25T04:00' };
    const { opensAt, closesAt } = requestOf(draft);
    expect(Date.parse(closesAt ?? '') - Date.parse(opensAt ?? '')).toBe(4 * 3_600_000);
  });

  it('sends back untouched times to the millisecond', () => {
    const session = aSession();
    expect(requestOf({ ...draftOf(session), name: 'Other' }, session)).toMatchObject({
      opensAt: session.opensAt,
      proctors: ['p1'],
    });
  });

  it('shows what someone else changed, and nothing when only the phase moved on', () => {
    const base = aSession();
    const mine = { ...draftOf(base), name: 'Mine' };
    expect(changedSince(base, { ...base, phase: 'held', version: 4 }, mine)).toEqual([]);
    expect(changedSince(base, { ...base, name: 'Theirs', capacity: 20 }, mine)).toEqual([
      { field: 'name', theirs: 'Theirs', yours: 'Mine' },
      { field: 'capacity', theirs: '20', yours: '' },
    ]);
  });
});
