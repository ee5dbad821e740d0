import { useRef, useState } from 'preact/hooks';
import { call, newIdempotencyKey } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { Session } from '../../shared/wire';
import { client } from '../hub';
import { NoticeOffer } from '../mail/NoticeOffer';
import { go } from '../route';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { ChangedMeanwhile } from './ChangedMeanwhile';
import {
  changedSince,
  type Draft,
  type DraftField,
  draftOf,
  duplicateOf,
  type Mend,
  mendsOf,
  newDraft,
  requestOf,
  settled,
} from './draft';
import { ModeChoice } from './ModeChoice';
import { MoreFields } from './MoreFields';
import { profileNames } from './profileNames';
import { staffNames } from './staffNames';
import { TestPicker } from './TestPicker';
import { WindowFields } from './WindowFields';
import { ownZone } from './zones';

const fields = [
  'name',
  'mode',
  'opensAt',
  'closesAt',
  'timeZone',
  'tests',
  'code',
  'capacity',
  'startMode',
  'note',
  'proctors',
  'profileId',
  'password',
];

interface SessionDialogProps {
  /** The session to edit; none to create one. */
  session?: Session;
  /** The session that a new one shall be like. */
  like?: Session;
  onClose: () => void;
}

/** Creates a session, from nothing or like another, or edits the one given. */
export function SessionDialog({ session, like, onClose }: SessionDialogProps) {
  const [base, setBase] = useState(session);
  const [draft, setDraft] = useState<Draft>(() =>
    session
      ? draftOf(session)
      : like
        ? duplicateOf(like, t('form.copyName', { name: like.name }).slice(0, 120), client.clock.now())
        : newDraft(client.clock.now(), ownZone()),
  );
  const [problem, tell] = useState<Problem | null>(null);
  const [mended, setMended] = useState<ReadonlySet<string>>(new Set());
  // The top keeps saying what the last attempt lacked; a field that was changed since says nothing old.
  const beside = withoutErrors(problem, mended);
  const setProblem = (found: Problem | null) => {
    tell(found);
    setMended(new Set());
  };
  const [newer, setNewer] = useState<Session | null>(null);
  const [working, setWorking] = useState(false);
  const [notify, setNotify] = useState<boolean | null>(null);
  const sent = useRef({ body: '', key: '' });
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setMended((before) => new Set([...before, ...Object.keys(part)]));
  };
  const running = base !== undefined && base.phase !== 'scheduled' && base.phase !== 'lobbyOpen';

  const create = async () => {
    const body = requestOf(draft);
    // One key for one content: a second press repeats the first call, a mended form is another one.
    const text = JSON.stringify(body);
    if (sent.current.body !== text) sent.current = { body: text, key: newIdempotencyKey() };
    const answer = await call<Session>('POST', '/sessions', { body, idempotencyKey: sent.current.key });
    if (!answer.ok) return setProblem(answer.problem);
    onClose();
    go({ page: 'session', id: answer.value.id, tab: 'approvals' });
  };

  const save = async (from: Session, mine: Draft): Promise<void> => {
    const answer = await call<Session>('PUT', `/sessions/${from.id}`, {
      body: { ...requestOf(mine, from), ...(notify === null ? {} : { notify }) },
      ifMatch: from.version,
    });
    if (answer.ok) {
      toast(t('form.saved'));
      return onClose();
    }
    if (answer.problem.status !== 412) return setProblem(answer.problem);
    const current = await call<Session>('GET', `/sessions/${from.id}`);
    if (!current.ok) return setProblem(current.problem);
    // A phase that moved on raises the version too. Where nobody else changed what this form changed there is nothing to ask.
    const differs = changedSince(from, current.value, mine);
    if (!differs.some(({ touched }) => touched)) {
      const together = settled(from, current.value, mine, new Set());
      setBase(current.value);
      setDraft(together);
      return save(current.value, together);
    }
    setNewer(current.value);
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    if (working) return;
    const mends = Object.entries(mendsOf(draft)).map(([name, mend]) => [name, [mendText(mend, draft.zone)]]);
    if (mends.length > 0) {
      setProblem({ code: 'invalid', detail: '', errors: Object.fromEntries(mends) });
      return;
    }
    setProblem(null);
    setWorking(true);
    await (base ? save(base, draft) : create());
    setWorking(false);
  };

  return (
    <Dialog
      title={t(base ? 'form.edit' : like ? 'form.duplicate' : 'form.create')}
      onClose={onClose}
      size="large"
      testId="session-dialog"
    >
      <form class="form" onSubmit={submit} noValidate>
        {newer && base ? (
          <ChangedMeanwhile
            changes={changedSince(base, newer, draft)}
            shown={(field, value) => shownValue(field, value, [base, newer])}
            onSettle={async (take) => {
              const mine = settled(base, newer, draft, take);
              setDraft(mine);
              setNewer(null);
              setBase(newer);
              setWorking(true);
              await save(newer, mine);
              setWorking(false);
            }}
          />
        ) : (
          <Mends
            problem={problem}
            fields={fields}
            consequence={t(base ? 'form.notSaved' : 'form.notCreated')}
          />
        )}
        <Field
          label={t('form.name')}
          name="name"
          problem={beside}
          hint={base ? undefined : t('form.nameHint')}
        >
          {(given) => (
            <input
              {...given}
              class="input"
              maxLength={120}
              autocomplete="off"
              value={draft.name}
              onInput={(event) => change({ name: event.currentTarget.value })}
            />
          )}
        </Field>
        <ModeChoice value={draft.mode} onChange={(mode) => change({ mode })} />
        <WindowFields
          draft={draft}
          problem={beside}
          onChange={change}
          mayStartNow={!base}
          openFixed={running}
        />
        {base && !newer && (
          <NoticeOffer
            sessionId={base.id}
            opensAt={requestOf(draft, base).opensAt}
            closesAt={requestOf(draft, base).closesAt}
            value={notify}
            onChange={setNotify}
          />
        )}
        <TestPicker chosen={draft.tests} problem={beside} onChange={(tests) => change({ tests })} />
        <details class="more" open={Boolean(base ?? like)}>
          <summary>{t('form.more')}</summary>
          <MoreFields
            draft={draft}
            session={base ?? like}
            problem={beside}
            exists={base !== undefined}
            onChange={change}
          />
        </details>
        <footer class="dialogEnd">
          <button class="button" type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button
            class="button primary"
            type="submit"
            disabled={working || newer !== null}
            data-testid="save-session"
          >
            {working ? t('form.saving') : t(base ? 'form.submitEdit' : 'form.submitCreate')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function mendText(mend: Mend, zone: string): string {
  return typeof mend === 'string' ? t(`form.${mend}`) : t('form.skipped', { time: mend.skipped, zone });
}

/** How a field's value is told to people. */
function shownValue(field: DraftField, value: Draft[DraftField], sessions: readonly Session[]): string {
  if (typeof value !== 'string') {
    if (field !== 'proctors') return value.join(', ');
    const people = [...sessions.flatMap(({ proctors }) => proctors), ...staffNames().value];
    return value.map((id) => people.find((person) => person.id === id)?.name ?? t('someone')).join(', ');
  }
  if (field === 'mode') return t(`mode.${value as Session['mode']}`);
  if (field === 'startMode') return t(value === 'manual' ? 'form.manual' : 'form.automatic');
  if (field === 'profileId')
    return value
      ? (profileNames().value.find(({ id }) => id === value)?.name ?? value)
      : t('form.profileDefault');
  return value;
}

const named: Record<string, string> = { opens: 'opensAt', closes: 'closesAt', zone: 'timeZone' };

/** What is left to mend after somebody changed these fields; a window and its zone are mended together. */
function withoutErrors(problem: Problem | null, changed: ReadonlySet<string>): Problem | null {
  if (!problem?.errors) return problem;
  const gone = new Set(Array.from(changed, (field) => named[field] ?? field));
  if (gone.has('opensAt') || gone.has('closesAt') || gone.has('timeZone') || gone.has('startNow'))
    for (const field of ['opensAt', 'closesAt', 'timeZone']) gone.add(field);
  const left = Object.entries(problem.errors).filter(([field]) => !gone.has(field));
  return left.length > 0 ? { ...problem, errors: Object.fromEntries(left) } : null;
}
