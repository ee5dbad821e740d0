import type { Query } from '../route';

export function TicketsSheet({ of }: { of: string; query: Query }) {
  return <main class="sheet" data-session={of} />;
}
