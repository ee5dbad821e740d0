import { describe, expect, it } from 'vitest';
import { aRow } from '../aRow.fixture';
import { flagCounts, inCommands, splitClean } from './clean';

const flag = (code: string) => ({ code, text: `About ${code}` });

describe('"Admit all clean"', () => {
  it('takes exactly those who wait and carry no flag, in the order of arrival', () => {
    const { clean, exceptions } = splitClean([
      aRow('4'),
      aRow('1'),
      aRow('2', { flags: [flag('secondDevice')] }),
      aRow('3', { state: 'approved' }),
      aRow('5', { state: 'denied', flags: [flag('nameDiffers')] }),
    ]);
    expect(clean.map(({ id }) => id)).toEqual(['1', '4']);
    expect(exceptions.map(({ id }) => id)).toEqual(['2']);
  });

  it('says why the exceptions stay, the commonest reason first', () => {
    const counted = flagCounts([
      aRow('1', { flags: [flag('nameDiffers')] }),
      aRow('2', { flags: [flag('secondDevice'), flag('nameDiffers')] }),
    ]);
    expect(counted).toEqual([
      { ...flag('nameDiffers'), count: 2 },
      { ...flag('secondDevice'), count: 1 },
    ]);
  });

  it('sends more than a command may carry as several, losing nobody', () => {
    const rows = Array.from({ length: 1201 }, (_, index) => index);
    const parts = inCommands(rows);
    expect(parts.map((part) => part.length)).toEqual([500, 500, 201]);
    expect(parts.flat()).toEqual(rows);
  });
});
