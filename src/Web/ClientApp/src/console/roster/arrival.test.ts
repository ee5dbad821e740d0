import { expect, it } from 'vitest';
import type { EntryState, Registration } from '../../shared/wire';
import { aRow } from '../aRow.fixture';
import { arrivals } from './arrival';

const registration = (change: Partial<Registration>): Registration => ({
  id: 'r',
  userId: 'U',
  status: 'pending',
  student: { id: 's', externalId: 'S', userId: 'U', givenName: 'Mia', familyName: 'Berg' },
  testCode: 'M',
  testTitle: 'M',
  settings: {},
  createdAt: '',
  version: 1,
  ...change,
});

it('counts who is here, who is through, and who is still missed', () => {
  const states: [string, EntryState][] = [
    ['e1', 'waiting'],
    ['e2', 'submitted'],
    ['e3', 'withdrawn'],
    ['e4', 'testing'],
  ];
  const entries = new Map(states.map(([id, state]) => [id, aRow(id, { state })]));
  const rows = [undefined, 'e1', 'e2', 'e3', 'e4', 'gone'].map((entryId) =>
    registration({ entryId: entryId ?? null }),
  );
  expect(arrivals([...rows, registration({ status: 'completed' })], entries)).toEqual({
    missing: 3,
    arrived: 2,
    done: 2,
  });
});
