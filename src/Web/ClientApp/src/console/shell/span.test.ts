import { expect, it } from 'vitest';
import { clockOf, countdownOf, spanOf } from './span';

it('says a length of time in the unit that fits', () => {
  expect([900, 61_000, 3_600_000, 3_900_000, 200_000_000].map(spanOf)).toEqual([
    '0 s',
    '1 min',
    '1 h',
    '1 h 5 min',
    '2 d',
  ]);
});

it('counts down to the moment itself and never below', () => {
  expect([1, 1000, 61_000, 3_661_000, 90_061_000, -5].map(countdownOf)).toEqual([
    '0:01',
    '0:01',
    '1:01',
    '1:01:01',
    '1 d 1:01 h',
    '0:00',
  ]);
});

it('never shows more of a test than is left', () => {
  expect([59.9, 3661, -3].map(clockOf)).toEqual(['0:59', '1:01:01', '0:00']);
});
