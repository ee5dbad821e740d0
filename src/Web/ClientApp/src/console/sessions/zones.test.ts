import { describe, expect, it } from 'vitest';
import { fromLocal, shownIn, toLocal, zones } from './zones';

const utc = (text: string) => Date.parse(text);

describe('wall-clock times of a zone', () => {
  it('means the same instant wherever the browser stands', () => {
    expect(fromLocal('2026-11-21T09:00', 'Europe/Madrid')).toEqual({
      kind: 'exact',
      at: utc('2026-11-21T08:00Z'),
    });
    expect(fromLocal('2026-07-01T09:00', 'Europe/Madrid')).toEqual({
      kind: 'exact',
      at: utc('2026-07-01T07:00Z'),
    });
    expect(fromLocal('2026-07-01T09:00', 'Asia/Kolkata')).toEqual({
      kind: 'exact',
      at: utc('2026-07-01T03:30Z'),
    });
    expect(fromLocal('2026-07-01T09:00', 'UTC')).toEqual({ kind: 'exact', at: utc('2026-07-01T09:00Z') });
  });

  it('says that a time inside the spring jump never happens', () => {
    expect(fromLocal('2026-03-29T02:30', 'Europe/Paris')).toEqual({
      kind: 'skipped',
      at: utc('2026-03-29T01:30Z'),
    });
    expect(fromLocal('2026-03-08T02:00', 'America/New_York').kind).toBe('skipped');
  });

  it('reads the minutes just before and after the jump as they are', () => {
    expect(fromLocal('2026-03-29T01:59', 'Europe/Paris')).toEqual({
      kind: 'exact',
      at: utc('2026-03-29T00:59Z'),
    });
    expect(fromLocal('2026-03-29T03:00', 'Europe/Paris')).toEqual({
      kind: 'exact',
      at: utc('2026-03-29T01:00Z'),
    });
  });

  it('names both meanings of an hour that happens twice, the first one first', () => {
    expect(fromLocal('2026-10-25T02:30', 'Europe/Paris')).toEqual({
      kind: 'repeated',
      at: utc('2026-10-25T00:30Z'),
      second: utc('2026-10-25T01:30Z'),
    });
    expect(fromLocal('2026-11-01T01:30', 'America/New_York').kind).toBe('repeated');
  });

  it('knows half-hour changes', () => {
    expect(fromLocal('2026-04-05T01:45', 'Australia/Lord_Howe').kind).toBe('repeated');
    expect(fromLocal('2026-10-04T02:15', 'Australia/Lord_Howe').kind).toBe('skipped');
  });

  it('goes there and back unchanged all through a year', () => {
    for (const zone of ['Europe/Madrid', 'America/St_Johns', 'Pacific/Chatham', 'Pacific/Apia']) {
      for (let at = utc('2026-01-01T00:00Z'); at < utc('2027-01-01T00:00Z'); at += 7_200_000 * 7) {
        const back = fromLocal(toLocal(at, zone), zone);
        const meanings =
          back.kind === 'repeated' ? [back.at, back.second] : back.kind === 'exact' ? [back.at] : [];
        expect(meanings).toContain(at);
      }
    }
  });

  it('refuses what is not a date', () => {
    for (const text of ['', '2026-02-30T10:00', '2026-13-01T10:00', 'tomorrow', '2026-01-01'])
      expect(fromLocal(text, 'UTC').kind).toBe('unreadable');
  });

  it('shows the year only when it is another one', () => {
    const now = utc('2026-11-21T00:00Z');
    expect(shownIn(utc('2026-11-21T08:00Z'), 'Europe/Madrid', now)).toBe('21 Nov, 09:00');
    expect(shownIn(utc('2027-01-02T08:00Z'), 'Europe/Madrid', now)).toBe('2 Jan 2027, 09:00');
  });

  it('offers its own zone first', () => {
    expect(zones('Asia/Tokyo')[0]).toBe('Asia/Tokyo');
    expect(zones('Asia/Tokyo').filter((zone) => zone === 'Asia/Tokyo')).toHaveLength(1);
  });
});
