import type { Query } from '../route';
import { Desk } from '../shell/Desk';

export function GroupsPage(_: { query: Query }) {
  return <Desk desk="groups" />;
}
