import { type Signal, signal } from '@preact/signals';
import { call } from '../../shared/api';
import type { Page, Person } from '../../shared/wire';

const names = signal<readonly Person[]>([]);
let readAt = 0;

/** Who may be a session's proctor, by name; read when first asked for, and again after a minute. For managers. */
export function staffNames(): Signal<readonly Person[]> {
  if (performance.now() - readAt > 60_000 || readAt === 0) {
    readAt = performance.now() || 1;
    void call<Page<Person>>('GET', '/staff/names').then((answer) => {
      if (answer.ok) names.value = answer.value.items.toSorted((a, b) => a.name.localeCompare(b.name));
      else readAt = 0;
    });
  }
  return names;
}
