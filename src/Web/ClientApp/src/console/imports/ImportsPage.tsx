import type { Query } from '../route';
import { Desk } from '../shell/Desk';

export function ImportsPage(_: { query: Query }) {
  return <Desk desk="imports" />;
}
