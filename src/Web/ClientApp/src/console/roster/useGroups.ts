import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Group } from '../../shared/wire';
import { readAll } from './pagedList';

/** The organisation's groups by name, for choosing among them; read again on demand. */
export function useGroups(): [readonly Group[], () => void] {
  const [groups, setGroups] = useState<readonly Group[]>([]);
  const read = useCallback(() => {
    void readAll<Group>('/groups').then((answer) => {
      if ('rows' in answer) setGroups(answer.rows);
    });
  }, []);
  useEffect(read, []);
  return [groups, read];
}
