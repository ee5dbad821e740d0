import { useCallback, useEffect, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { Group, Page } from '../../shared/wire';

/** The organisation's groups by name, for choosing among them; read again on demand. */
export function useGroups(): [readonly Group[], () => void] {
  const [groups, setGroups] = useState<readonly Group[]>([]);
  const read = useCallback(() => {
    void call<Page<Group>>('GET', '/groups?limit=200').then((answer) => {
      if (answer.ok) setGroups(answer.value.items);
    });
  }, []);
  useEffect(read, []);
  return [groups, read];
}
