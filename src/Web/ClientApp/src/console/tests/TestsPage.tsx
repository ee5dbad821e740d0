import type { Query } from '../route';
import { Desk } from '../shell/Desk';

export function TestsPage(_: { query: Query }) {
  return <Desk desk="tests" />;
}
