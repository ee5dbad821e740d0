import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { call, newIdempotencyKey } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { Ticket, TicketSheet } from '../../shared/wire';
import { problemText } from '../problemText';
import { fileName } from '../report/csv';
import type { Query } from '../route';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { PasswordButton } from './PasswordButton';
import { grouped, rowsOf, typedAddress, windowOn } from './printing';
import { SheetFrame } from './SheetFrame';

const perRow = 2;

/** Which tickets the address asks for. */
function wanted(query: Query): Record<string, unknown> {
  return {
    ...(query.group ? { groupId: query.group } : {}),
    ...(query.student ? { studentId: query.student } : {}),
    ...(query.registrations ? { registrationIds: query.registrations.split(',').filter(Boolean) } : {}),
  };
}

/** The tickets of a session, of a group or of some students, several to a page. */
export function TicketsSheet({ of, query }: { of: string; query: Query }) {
  const sheet = useSignal<TicketSheet | null>(null);
  const problem = useSignal<Problem | null>(null);
  const body = wanted(query);
  const path = `/sessions/${encodeURIComponent(of)}/tickets`;
  const read = async () => {
    const answer = await call<TicketSheet>('POST', path, { body, idempotencyKey: newIdempotencyKey() });
    sheet.value = answer.ok ? answer.value : sheet.value;
    problem.value = answer.ok ? null : answer.problem;
  };
  useEffect(() => {
    void read();
  }, [path, JSON.stringify(body)]);

  const shown = sheet.value;
  const count = shown?.items.length ?? 0;
  return (
    <SheetFrame
      title={shown ? t('print.tickets', { session: shown.session.name }) : t('print.ticketsTitle')}
      of={of}
      problem={problem.value}
      loading={!shown && !problem.value}
      ready={count > 0}
      tools={
        <>
          <span class="muted numbers" data-testid="ticket-count">
            {shown && t('print.count', { count })}
          </span>
          <PasswordButton of={of} onChanged={read} />
          <button
            class="button"
            type="button"
            disabled={count === 0}
            data-testid="tickets-csv"
            onClick={() => void download(path, body, shown?.session.name ?? '')}
          >
            <Icon name="download" />
            {t('print.csv')}
          </button>
        </>
      }
    >
      {shown && count === 0 && <p class="sheetNote muted">{t('print.none')}</p>}
      {shown && count > 0 && (
        <main class="sheet" data-testid="tickets">
          {rowsOf(shown.items, perRow).map((row) => (
            <div class="ticketRow" key={row[0]?.registrationId}>
              {row.map((ticket) => (
                <TicketCard key={ticket.registrationId} ticket={ticket} session={shown.session} />
              ))}
            </div>
          ))}
        </main>
      )}
    </SheetFrame>
  );
}

function TicketCard({ ticket, session }: { ticket: Ticket; session: TicketSheet['session'] }) {
  const { student } = ticket;
  return (
    <article class="ticket" data-testid="ticket">
      <header>
        <h2>{`${student.givenName} ${student.familyName}`.trim()}</h2>
        <span class="numbers">{student.externalId}</span>
      </header>
      <p>
        <strong>{ticket.testTitle}</strong>
        <span>{t('print.minutes', { count: ticket.minutes })}</span>
      </p>
      <p>
        <span>{session.name}</span>
        <span>{windowOn(session.opensAt, session.closesAt, session.timeZone)}</span>
      </p>
      <div class="ticketKeys">
        <dl>
          <dt>{t('print.joinId')}</dt>
          <dd>{session.joinId}</dd>
          <dt>{t('print.userId')}</dt>
          <dd data-testid="ticket-user">{grouped(ticket.userId)}</dd>
          <dt>{t('print.password')}</dt>
          <dd data-testid="ticket-password">{grouped(ticket.password)}</dd>
        </dl>
        <img src={`/api/v1/sessions/${session.id}/qr.svg`} alt={t('print.qr')} />
      </div>
      <footer>
        <span>{t('print.address', { address: typedAddress(session.joinAddress) })}</span>
        {session.asksCode && <span>{t('print.code')}</span>}
      </footer>
    </article>
  );
}

/** The server writes the file, so that what is on record is what was handed out. */
async function download(path: string, body: object, session: string): Promise<void> {
  const response = await fetch(`/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-LiveProctor': '1' },
    credentials: 'same-origin',
    body: JSON.stringify({ ...body, format: 'csv' }),
  }).catch(() => null);
  if (!response?.ok) {
    toast(problemText({ code: response ? 'unreadable' : 'offline', detail: '' }), { tone: 'bad' });
    return;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = fileName(`${t('print.ticketsTitle')} ${session}`, 'csv');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
