import { describe, expect, it } from 'vitest';
import type { SessionListRow } from '../../shared/wire';
import { merged, noFilter, readFilter, writeFilter } from './listFilter';

const now = Date.parse('2026-11-21T10:00:00Z');

function row(id: string, change: Partial<SessionListRow> = {}): SessionListRow {
  return {
    id,
    name: `Session ${id}`,
    mode: 'inPerson',
    timeZone: 'UTC',
    opensAt: '2026-11-21T09:00:00.000Z',
    closesAt: '2026-11-21T11:00:00.000Z',
    phase: 'open',
    joinId: 'K7QM-3XPA',
    startMode: 'automatic',
    simulated: false,
    version: 1,
    counts: { waiting: 0, testing: 0, done: 0 },
    proctorIds: ['p1'],
    ...change,
  };
}

const live = (...rows: SessionListRow[]) => new Map(rows.map((one) => [one.id, one]));
const ids = (rows: SessionListRow[]) => rows.map(({ id }) => id);

describe('the session list', () => {
  it('keeps the higher of two versions, wherever it came from', () => {
    const paged = [row('1', { version: 2, name: 'Paged' }), row('2', { version: 1 })];
    const feed = live(row('1', { version: 1, name: 'Old' }), row('2', { version: 5, name: 'New' }));
    const rows = merged(paged, feed, new Map(), noFilter, now, true);
    expect(rows.map(({ name }) => name)).toEqual(['New', 'Paged']);
  });

  it('keeps the counts that were read when an event brings none', () => {
    const counts = { waiting: 3, testing: 2, done: 1 };
    const { counts: _, ...event } = row('1', { version: 2, name: 'Renamed' });
    const [shown] = merged([row('1', { counts })], live(event), new Map(), noFilter, now, true);
    expect(shown).toMatchObject({ name: 'Renamed', counts });
  });

  it('drops what was removed, unless a newer version came after', () => {
    const removed = new Map([
      ['1', 3],
      ['2', 3],
    ]);
    const rows = merged(
      [row('1', { version: 2 }), row('2', { version: 4 })],
      live(),
      removed,
      noFilter,
      now,
      true,
    );
    expect(ids(rows)).toEqual(['2']);
  });

  it('lets a live row go that no longer fits the filter', () => {
    const filter = { ...noFilter, phases: ['open'] as const };
    const rows = merged(
      [row('1')],
      live(row('1', { version: 2, phase: 'closed' })),
      new Map(),
      filter,
      now,
      true,
    );
    expect(rows).toEqual([]);
  });

  it('finds by name, code and join ID, the dash being optional', () => {
    for (const search of ['sess', 'k7qm3', 'K7QM-3', 'MAPLE'])
      expect(
        merged([row('1', { code: 'maple 47' })], live(), new Map(), { ...noFilter, search }, now, true),
      ).toHaveLength(1);
  });

  it('holds back a live row that belongs on a page not read yet', () => {
    const feed = live(row('9'), row('0'));
    expect(ids(merged([row('1'), row('2')], feed, new Map(), noFilter, now, false))).toEqual(['0', '1', '2']);
    expect(ids(merged([row('1'), row('2')], feed, new Map(), noFilter, now, true))).toEqual([
      '0',
      '1',
      '2',
      '9',
    ]);
  });

  it('sorts by time, descending on demand', () => {
    const opening = (id: string, opensAt: string) => row(id, { opensAt });
    const paged = [opening('1', '2026-11-21T09:00:00.000Z'), opening('2', '2026-11-22T09:00:00.000Z')];
    const filter = { ...noFilter, sort: 'opensAt' as const, descending: true };
    expect(ids(merged(paged, live(), new Map(), filter, now, true))).toEqual(['2', '1']);
  });

  it('orders as the server does, so that pages fit together', () => {
    const named = (id: string, name: string) => row(id, { name });
    const paged = [named('1', 'room 9'), named('2', 'Room 10'), named('3', 'ROOM 9')];
    expect(ids(merged(paged, live(), new Map(), noFilter, now, true))).toEqual(['2', '1', '3']);
    const down = { ...noFilter, descending: true };
    expect(ids(merged(paged, live(), new Map(), down, now, true))).toEqual(['3', '1', '2']);
  });

  it('sorts phases by their place in a session’s life, and entries by who waits first', () => {
    const paged = [
      row('1', { phase: 'closed', counts: { waiting: 1, testing: 0, done: 9 } }),
      row('2', { phase: 'held', counts: { waiting: 1, testing: 5, done: 0 } }),
      row('3', { phase: 'scheduled', counts: { waiting: 0, testing: 9, done: 0 } }),
    ];
    const by = (sort: 'phase' | 'waiting' | 'done') =>
      ids(merged(paged, live(), new Map(), { ...noFilter, sort }, now, true));
    expect(by('phase')).toEqual(['3', '2', '1']);
    expect(by('waiting')).toEqual(['3', '1', '2']);
    expect(by('done')).toEqual(['2', '3', '1']);
  });

  it('keeps a proctor’s sessions, the reader’s own by the name me', () => {
    const paged = [row('1'), row('2', { proctorIds: ['p2', 'p1'] }), row('3', { proctorIds: ['p2'] })];
    const of = (proctor: string) =>
      ids(merged(paged, live(), new Map(), { ...noFilter, proctor }, now, true, 'p2'));
    expect(of('p1')).toEqual(['1', '2']);
    expect(of('me')).toEqual(['2', '3']);
  });

  it('lets a rehearsal go when it is over', () => {
    const over = row('1', { simulated: true, phase: 'closed' });
    expect(merged([row('2')], live(over), new Map(), noFilter, now, true)).toHaveLength(1);
  });

  it('carries its filter in the address, and survives nonsense there', () => {
    const filter = {
      ...noFilter,
      search: 'a b',
      phases: ['open', 'held'] as const,
      proctor: 'me',
      view: 'week' as const,
      day: '2026-11-23',
      zone: 'Asia/Tokyo',
      hidePast: true,
      sort: 'opensAt' as const,
      descending: true,
    };
    expect(readFilter(new URLSearchParams(writeFilter(filter).toString()))).toEqual(filter);
    expect(writeFilter(noFilter).toString()).toBe('');
    expect(readFilter(new URLSearchParams('sort=-nope&phase=x&hidePast=1&view=year&day=2026-02-30'))).toEqual(
      noFilter,
    );
  });
});
