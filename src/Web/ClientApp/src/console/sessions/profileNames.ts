import { type Signal, signal } from '@preact/signals';
import { call } from '../../shared/api';
import type { Page, Person } from '../../shared/wire';

const names = signal<readonly Person[]>([]);

/** The organisation's proctoring profiles by name, read anew. */
export function profileNames(): Signal<readonly Person[]> {
  return names;
}

export async function readProfileNames(): Promise<void> {
  const answer = await call<Page<Person>>('GET', '/profiles?limit=200');
  if (answer.ok) names.value = answer.value.items.map(({ id, name }) => ({ id, name }));
}
