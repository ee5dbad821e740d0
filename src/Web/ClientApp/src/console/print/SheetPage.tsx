import type { Query, Sheet } from '../route';
import { SealCodesSheet } from './SealCodesSheet';
import { TicketsSheet } from './TicketsSheet';

/** A page made to be printed, without the console's frame around it. */
export function SheetPage({ sheet, of, query }: { sheet: Sheet; of: string; query: Query }) {
  return sheet === 'tickets' ? (
    <TicketsSheet of={of} query={query} />
  ) : (
    <SealCodesSheet of={of} query={query} />
  );
}
