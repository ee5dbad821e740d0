import { expect, it } from 'vitest';
import { readRoute, writeRoute } from './route';
import { noFilter } from './sessions/listFilter';

it('goes there and back', () => {
  for (const address of [
    '/',
    '/?search=a+b&phase=open&sort=-opensAt',
    '/?session=x1',
    '/?session=x1&tab=report',
    '/?session=x1&tab=roster',
    '/?page=students&search=a+b&group=8B',
    '/?page=tickets&of=x1&group=g1',
  ])
    expect(writeRoute(readRoute(address.slice(1)))).toBe(address);
});

it('shows the list where a sheet does not say of which session', () => {
  expect(readRoute('?page=tickets')).toEqual({ page: 'list', filter: noFilter });
});

it('opens the approvals of a session when the region is not known', () => {
  expect(readRoute('?session=x1&tab=nope')).toEqual({ page: 'session', id: 'x1', tab: 'approvals' });
  expect(readRoute('')).toEqual({ page: 'list', filter: noFilter });
});
