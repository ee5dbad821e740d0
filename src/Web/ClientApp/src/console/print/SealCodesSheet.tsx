import type { Query } from '../route';

export function SealCodesSheet({ of }: { of: string; query: Query }) {
  return <main class="sheet" data-session={of} />;
}
