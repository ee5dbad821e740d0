import type { Query } from '../route';
import { Desk } from '../shell/Desk';

export function MailPage(_: { query: Query }) {
  return <Desk desk="mail" />;
}
