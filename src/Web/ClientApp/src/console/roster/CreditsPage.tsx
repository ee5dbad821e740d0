import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { CreditPage, CreditRow, Page } from '../../shared/wire';
import { mySelf } from '../account/me';
import { now } from '../hub';
import type { Query } from '../route';
import { shownIn } from '../sessions/zones';
import { Desk } from '../shell/Desk';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { useAsk } from './ask';
import { type Column, DeskTable } from './DeskTable';
import { PagedList } from './pagedList';

type Line = CreditRow & { id: string };

/** Fewer credits than this deserve a word. */
const few = 200;

export function CreditsPage(_: { query: Query }) {
  const balance = useSignal<number | null>(null);
  const granting = useSignal(false);
  const list = useMemo(
    () =>
      new PagedList<Line>(async (method, path, options) => {
        const read = await call<CreditPage>(method, path, options);
        if (!read.ok) return read;
        balance.value = read.value.balance;
        const page: Page<Line> = {
          items: read.value.items.map((row) => ({ ...row, id: String(row.seq) })),
          next: read.value.next ?? null,
        };
        return { ...read, value: page };
      }),
    [],
  );
  useEffect(() => void list.show('/credits'), []);
  const left = balance.value;
  return (
    <Desk
      desk="credits"
      actions={
        mySelf.value?.role === 'administrator' && (
          <button
            class="button primary"
            type="button"
            data-testid="grant-credits"
            onClick={() => {
              granting.value = true;
            }}
          >
            <Icon name="plus" />
            {t('credits.grant')}
          </button>
        )
      }
    >
      <section class="balance card">
        <span class="muted">{t('credits.balance')}</span>
        <strong class="numbers" data-testid="balance">
          {left === null ? t('none') : left.toLocaleString('en')}
        </strong>
        <span class="muted">{t('credits.what')}</span>
      </section>
      {left !== null && left < few && (
        <p class="notice warn" role="status">
          <Icon name="alert" />
          {t('credits.low')}
        </p>
      )}
      <DeskTable
        caption={t('nav.credits')}
        list={list}
        columns={columns}
        nameOf={({ id }) => id}
        empty={
          <>
            <strong>{t('credits.none')}</strong>
            <span>{t('credits.noneHint')}</span>
          </>
        }
      />
      {granting.value && (
        <GrantDialog
          onClose={() => {
            granting.value = false;
          }}
          onDone={() => void list.show('/credits')}
        />
      )}
    </Desk>
  );
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const columns: Column<Line>[] = [
  {
    name: 'at',
    label: t('credits.at'),
    cell: ({ at }) => <span class="numbers">{shownIn(Date.parse(at), zone, now.value)}</span>,
  },
  { name: 'kind', label: t('credits.kind'), cell: ({ kind }) => t(`credits.${kind}`) },
  {
    name: 'name',
    label: t('credits.whose'),
    cell: ({ student }) =>
      student && (
        <>
          {`${student.givenName} ${student.familyName}`.trim()}{' '}
          <span class="muted mono">{student.externalId}</span>
        </>
      ),
  },
  {
    name: 'test',
    label: t('credits.test'),
    cell: ({ testCode }) => testCode && <span class="mono">{testCode}</span>,
  },
  {
    name: 'amount',
    label: t('credits.amount'),
    figures: true,
    cell: ({ amount }) => `${amount > 0 ? '+' : '−'}${Math.abs(amount).toLocaleString('en')}`,
  },
  {
    name: 'balance',
    label: t('credits.left'),
    figures: true,
    cell: ({ balance }) => balance.toLocaleString('en'),
  },
  { name: 'by', label: t('credits.by'), cell: ({ by }) => by.name },
  { name: 'note', label: t('credits.note'), cell: ({ note }) => note },
];

function GrantDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [amount, setAmount] = useState('1000');
  const [note, setNote] = useState('');
  const { ask, problem, setProblem, working } = useAsk<{ balance: number }>();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!/^[1-9]\d{0,8}$/.test(amount.trim()))
      return setProblem({ code: 'invalid', detail: '', errors: { amount: [t('credits.amountWrong')] } });
    if (!(await ask('POST', '/credits', { amount: Number(amount), note: note.trim() }))) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title={t('credits.grant')} onClose={onClose} testId="grant-dialog">
      <form class="form" onSubmit={submit}>
        <Mends problem={problem} fields={['amount', 'note']} />
        <Field label={t('credits.amount')} name="amount" problem={problem}>
          {(given) => (
            <input
              {...given}
              class="input narrowInput"
              inputMode="numeric"
              value={amount}
              onInput={(event) => setAmount(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t('credits.note')} name="note" problem={problem} optional hint={t('credits.noteHint')}>
          {(given) => (
            <input
              {...given}
              class="input"
              maxLength={200}
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
          )}
        </Field>
        <footer class="dialogEnd">
          <button class="button" type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button class="button primary" type="submit" disabled={working}>
            {t('credits.grant')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
