import type { Query } from '../route';
import { Desk } from '../shell/Desk';

export function ProfilesPage(_: { query: Query }) {
  return <Desk desk="profiles" />;
}
