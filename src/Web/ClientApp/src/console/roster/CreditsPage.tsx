import type { Query } from '../route';
import { Desk } from '../shell/Desk';

export function CreditsPage(_: { query: Query }) {
  return <Desk desk="credits" />;
}
