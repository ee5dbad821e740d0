import type { Query } from '../route';
import { Desk } from '../shell/Desk';

export function RegistrationsPage(_: { query: Query }) {
  return <Desk desk="registrations" />;
}
