import { useState } from 'preact/hooks';
import type { Problem } from '../../shared/problems';
import type { EntryRow, Session } from '../../shared/wire';
import { client, connected, now } from '../hub';
import { NoticeOffer } from '../mail/NoticeOffer';
import { fromLocal, shownIn, toLocal } from '../sessions/zones';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { Icon } from '../shell/Icon';
import { ReasonField } from '../shell/ReasonField';
import { t } from '../text';
import { sendPhase } from './phaseCommand';
import type { PhaseAction } from './phaseRules';
import type { Room } from './room';

const holdPresets = ['hold.preset1', 'hold.preset2', 'hold.preset3', 'hold.preset4'] as const;
const risky: ReadonlySet<PhaseAction> = new Set(['stop', 'cancel']);
const hour = 3_600_000;

interface PhaseDialogProps {
  room: Room;
  session: Session;
  action: PhaseAction;
}

/** Confirms a phase action after saying whom it affects. */
export function PhaseDialog({ room, session, action }: PhaseDialogProps) {
  const [reason, setReason] = useState('');
  const [closes, setCloses] = useState(() => toLocal(client.clock.now() + hour, session.timeZone));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [working, setWorking] = useState(false);
  const [notify, setNotify] = useState<boolean | null>(null);
  const newEnd = action === 'reopen' ? fromLocal(closes, session.timeZone) : null;
  const close = () => {
    room.dialog.value = null;
  };
  const asksReason = action === 'hold' || action === 'reopen';
  const mend = problem?.errors?.reason?.join(' ');

  const submit = async (event: Event) => {
    event.preventDefault();
    if (working) return;
    const errors: Record<string, string[]> = {};
    if (asksReason && !reason.trim()) errors.reason = [t('reason.missing')];
    const until = action === 'reopen' ? fromLocal(closes, session.timeZone) : null;
    if (until && (until.kind === 'unreadable' || until.at <= client.clock.now()))
      errors.closesAt = [t('reopen.past')];
    if (Object.keys(errors).length > 0) return setProblem({ code: 'invalid', detail: '', errors });
    setWorking(true);
    const refused = await sendPhase(action, session.id, {
      ...(reason.trim() ? { reason: reason.trim() } : {}),
      ...(notify === null ? {} : { notify }),
      ...(until && 'at' in until ? { closesAt: new Date(until.at).toISOString() } : {}),
    });
    setWorking(false);
    if (refused) setProblem(refused);
    else close();
  };

  return (
    <Dialog title={t(`${action}.title`)} onClose={close} testId="phase-dialog">
      <form class="form" onSubmit={submit} noValidate>
        <Mends problem={problem} fields={['reason', 'closesAt']} />
        <Consequences action={action} session={session} rows={[...room.live.entries.value.values()]} />
        {action === 'cancel' && (
          <NoticeOffer sessionId={session.id} cancel value={notify} onChange={setNotify} />
        )}
        {asksReason && (
          <ReasonField
            value={reason}
            onChange={setReason}
            presets={action === 'hold' ? holdPresets.map((preset) => t(preset)) : []}
            hint={t(action === 'hold' ? 'hold.reasonHint' : 'reopen.reasonHint')}
            mend={reason.trim() ? undefined : mend}
          />
        )}
        {action === 'reopen' && (
          <Field label={`${t('form.closes')} (${session.timeZone})`} name="closesAt" problem={problem}>
            {(given) => (
              <input
                {...given}
                class="input"
                type="datetime-local"
                value={closes}
                onInput={(event) => setCloses(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        {newEnd && (
          <NoticeOffer
            sessionId={session.id}
            opensAt={session.opensAt}
            closesAt={newEnd && 'at' in newEnd ? new Date(newEnd.at).toISOString() : undefined}
            value={notify}
            onChange={setNotify}
          />
        )}
        <footer class="dialogEnd">
          <button class="button" type="button" onClick={close}>
            {t(action === 'cancel' ? 'cancel.keep' : 'cancel')}
          </button>
          <button
            class={`button ${risky.has(action) ? 'danger' : 'primary'}`}
            type="submit"
            disabled={working || !connected.value}
            data-testid="phase-confirm"
          >
            {t(`${action}.confirm`)}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** Who is affected, from the rows as they are now. */
function Consequences({
  action,
  session,
  rows,
}: {
  action: PhaseAction;
  session: Session;
  rows: EntryRow[];
}) {
  const count = (...states: EntryRow['state'][]) => rows.filter(({ state }) => states.includes(state)).length;
  const lines: string[] = [];
  const running = count('entering', 'testing', 'paused', 'atSeal', 'interrupted');
  const waiting = count('waiting', 'approved');
  const testing = count('testing');
  const held = rows.filter((row) => row.state === 'paused' && row.pausedBy === 'hold').length;
  switch (action) {
    case 'open': {
      const approved = count('approved');
      lines.push(approved > 0 ? t('open.approved', { count: approved }) : t('open.nobody'));
      const opensAt = Date.parse(session.opensAt);
      if (opensAt > now.value)
        lines.push(t('open.early', { time: shownIn(opensAt, session.timeZone, now.value) }));
      break;
    }
    case 'hold':
      lines.push(testing > 0 ? t('hold.running', { count: testing }) : t('hold.nobody'));
      break;
    case 'release':
      lines.push(held > 0 ? t('release.paused', { count: held }) : t('release.nobody'));
      break;
    case 'stop':
      lines.push(waiting > 0 ? t('stop.waiting', { count: waiting }) : t('stop.nobodyWaits'));
      lines.push(
        running > 0 ? t(`stop.${session.profile.closeRule}`, { count: running }) : t('stop.nobodyRuns'),
      );
      lines.push(t('stop.lead'));
      break;
    case 'reopen':
      lines.push(t('reopen.lead'));
      break;
    case 'cancel':
      lines.push(waiting > 0 ? t('cancel.waiting', { count: waiting }) : t('cancel.nobody'));
      break;
  }
  if (lines.length === 0) return null;
  return (
    <ul class="consequences" data-testid="consequences">
      {lines.map((line, index) => (
        <li key={line}>
          <Icon name={risky.has(action) && index === lines.length - 1 ? 'alert' : 'person'} />
          {line}
        </li>
      ))}
    </ul>
  );
}
