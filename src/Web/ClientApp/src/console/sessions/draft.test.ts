import { describe, expect, it } from 'vitest';
import { aSession } from '../aRow.fixture';
import { changedSince, draftOf, duplicateOf, mendsOf, newDraft, requestOf, settled } from './draft';

const now = Date.parse('2026-11-21T09:07:00Z');

function filled() {
  return { ...newDraft(now, 'Europe/Madrid'), name: ' Grade 8 ', tests: ['MATH8'], startNow: false };
}

describe('the session form', () => {
  it('proposes the next quarter of an hour, in the zone', () => {
    expect(newDraft(now, 'Europe/Madrid')).toMatchObject({
      opens: '21/11/26 10:30',
      closes: '21/11/26 12:30',
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
      { field: 'name', theirs: 'Theirs', yours: 'Mine', touched: true },
      { field: 'capacity', theirs: '20', yours: '', touched: false },
    ]);
  });

  it('lets the editor keep own values or take theirs, field by field', () => {
    const base = aSession();
    const mine = { ...draftOf(base), name: 'Mine', note: 'Mine' };
    const current = { ...base, name: 'Theirs', note: 'Theirs', capacity: 20, version: 9 };
    expect(settled(base, current, mine, new Set())).toMatchObject({
      name: 'Mine',
      note: 'Mine',
      capacity: '20',
    });
    expect(settled(base, current, mine, new Set(['note']))).toMatchObject({ name: 'Mine', note: 'Theirs' });
  });

  it('asks nothing where both wrote the same', () => {
    const base = aSession();
    const mine = { ...draftOf(base), name: 'Same' };
    expect(changedSince(base, { ...base, name: 'Same', version: 9 }, mine)).toEqual([]);
  });

  it('takes times as people write them, and as machines do', () => {
    for (const [opens, opensAt] of [
      ['21/11/26 10:30', '2026-11-21T09:30:00.000Z'],
      ['21/11/2026 9:05', '2026-11-21T08:05:00.000Z'],
      ['2026-11-21 10:30', '2026-11-21T09:30:00.000Z'],
      ['2026-11-21T10:30', '2026-11-21T09:30:00.000Z'],
      ['2026-11-21T10:30:00Z', '2026-11-21T10:30:00.000Z'],
      ['2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00.000Z'],
      ['25/10/26 02:30', '2026-10-25T00:30:00.000Z'],
    ] as const)
      expect(requestOf({ ...filled(), opens, closes: '22/11/26 10:00' }).opensAt).toBe(opensAt);
    for (const opens of [
      '11/21/26 10:30',
      '31/02/26 10:30',
      '21.11.26 10:30',
      '21/11/26',
      'soon',
      '21/11/26 25:00',
    ])
      expect(mendsOf({ ...filled(), opens })).toEqual({ opensAt: 'unreadable' });
  });

  it('duplicates into the coming week at the same time on the wall, across changes of the clocks', () => {
    const session = {
      ...aSession(),
      timeZone: 'Europe/Madrid',
      opensAt: '2026-10-20T07:00:00.000Z',
      closesAt: '2026-10-20T09:00:00.000Z',
    };
    const copy = duplicateOf(session, 'Copy', Date.parse('2026-10-20T12:00:00Z'));
    expect(copy).toMatchObject({
      name: 'Copy',
      opens: '27/10/26 09:00',
      closes: '27/10/26 11:00',
      password: '',
    });
    expect(requestOf(copy)).toMatchObject({ opensAt: '2026-10-27T08:00:00.000Z' });
    expect(duplicateOf(session, 'Copy', Date.parse('2026-11-10T12:00:00Z')).opens).toBe('17/11/26 09:00');
  });
});
