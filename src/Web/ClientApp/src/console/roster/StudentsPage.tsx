import type { Query } from '../route';
import { Desk } from '../shell/Desk';

export function StudentsPage(_: { query: Query }) {
  return <Desk desk="students" />;
}
