import { describe, expect, it } from 'vitest';
import { aRow, aSession } from '../aRow.fixture';
import { fileName, toCsv } from './csv';
import { reportCsv } from './reportRows';

describe('a table as .csv', () => {
  it('quotes what would break a record', () => {
    expect(toCsv([['a,b', 'say "no"', 'two\nlines', 'plain']])).toBe(
      '"a,b","say ""no""","two\nlines",plain\r\n',
    );
  });

  it('leaves out what is not there, and keeps zero', () => {
    expect(toCsv([[null, undefined, '', 0]])).toBe(',,,0\r\n');
  });

  it('disarms cells that a spreadsheet would run', () => {
    expect(toCsv([['=1+1', '+49', '@x', '-cmd', '\ttab']])).toBe("'=1+1,'+49,'@x,'-cmd,'\ttab\r\n");
    expect(toCsv([['=a,"b"']])).toBe('"\'=a,""b"""\r\n');
  });

  it('lets numbers be numbers', () => {
    expect(toCsv([['-5', '-5.25', -3]])).toBe('-5,-5.25,-3\r\n');
  });

  it('makes a name that every file system takes', () => {
    expect(fileName('Grade 8: maths / room "204"', 'csv')).toBe('Grade-8-maths-room-204.csv');
    expect(fileName('???', 'csv')).toBe('report.csv');
    expect(fileName('Año 8º', 'csv')).toBe('Año-8º.csv');
  });

  it('writes one record an entry, with a head', () => {
    const text = reportCsv({
      session: aSession(),
      counts: {
        joined: 1,
        approved: 0,
        denied: 1,
        started: 0,
        submitted: 0,
        noShow: 0,
        expired: 0,
        terminated: 0,
      },
      entries: [
        aRow('7', {
          state: 'denied',
          student: { givenName: '=HYPERLINK("x")', familyName: 'Doe' },
          decision: {
            outcome: 'denied',
            by: { id: 'p', name: 'Mara' },
            at: '2026-11-21T09:01:00.000Z',
            reason: 'No',
          },
        }),
      ],
    });
    const [head, record, rest] = text.split('\r\n');
    expect(head?.split(',')).toHaveLength(19);
    expect(record).toContain('1,,Doe,"\'=HYPERLINK(""x"")"');
    expect(record).toContain('denied,Mara,2026-11-21T09:01:00.000Z,No');
    expect(rest).toBe('');
  });
});
