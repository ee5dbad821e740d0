import { useEffect, useRef, useState } from 'preact/hooks';
import { call, newIdempotencyKey } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { Session } from '../../shared/wire';
import { client } from '../hub';
import { go } from '../route';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { ChangedMeanwhile } from './ChangedMeanwhile';
import { suggestCode } from './codes';
import { changedSince, type Draft, draftOf, type Mend, mendsOf, newDraft, requestOf } from './draft';
import { ModeChoice } from './ModeChoice';
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
];

/** Creates a session, or edits the one given. */
export function SessionDialog({ session, onClose }: { session?: Session; onClose: () => void }) {
  const [base, setBase] = useState(session);
  const [draft, setDraft] = useState<Draft>(() =>
    session ? draftOf(session) : newDraft(client.clock.now(), ownZone()),
  );
  const [problem, setProblem] = useState<Problem | null>(null);
  const [newer, setNewer] = useState<Session | null>(null);
  const [working, setWorking] = useState(false);
  const sent = useRef({ body: '', key: '' });
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
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

  const save = async (from: Session): Promise<void> => {
    const answer = await call<Session>('PUT', `/sessions/${from.id}`, {
      body: requestOf(draft, from),
      ifMatch: from.version,
    });
    if (answer.ok) {
      toast(t('form.saved'));
      return onClose();
    }
    if (answer.problem.status !== 412) return setProblem(answer.problem);
    const current = await call<Session>('GET', `/sessions/${from.id}`);
    if (!current.ok) return setProblem(current.problem);
    // A phase that moved on raises the version too; where no field of the form differs there is nothing to ask.
    if (changedSince(from, current.value, draft).length === 0) return save(current.value);
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
    await (base ? save(base) : create());
    setWorking(false);
  };

  return (
    <Dialog
      title={t(base ? 'form.edit' : 'form.create')}
      onClose={onClose}
      size="large"
      testId="session-dialog"
    >
      <form class="form" onSubmit={submit} noValidate>
        {newer && base ? (
          <ChangedMeanwhile
            changes={changedSince(base, newer, draft)}
            onTake={() => {
              setDraft(draftOf(newer));
              setBase(newer);
              setNewer(null);
            }}
            onKeep={async () => {
              setWorking(true);
              setNewer(null);
              setBase(newer);
              await save(newer);
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
          problem={problem}
          hint={base ? undefined : t('form.nameHint')}
        >
          {(given) => (
            <input
              {...given}
              ref={first}
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
          problem={problem}
          onChange={change}
          mayStartNow={!base}
          openFixed={running}
        />
        <TestPicker chosen={draft.tests} problem={problem} onChange={(tests) => change({ tests })} />
        <details class="more" open={Boolean(base)}>
          <summary>{t('form.more')}</summary>
          <div class="pair">
            <Field label={t('form.code')} name="code" problem={problem} hint={t('form.codeHint')} optional>
              {(given) => (
                <span class="joined">
                  <input
                    {...given}
                    class="input"
                    maxLength={32}
                    autocomplete="off"
                    value={draft.code}
                    onInput={(event) => change({ code: event.currentTarget.value })}
                  />
                  <button class="button" type="button" onClick={() => change({ code: suggestCode() })}>
                    {t('form.suggest')}
                  </button>
                </span>
              )}
            </Field>
            <Field
              label={t('form.capacity')}
              name="capacity"
              problem={problem}
              hint={t('form.capacityHint')}
              optional
            >
              {(given) => (
                <input
                  {...given}
                  class="input"
                  type="number"
                  inputMode="numeric"
                  min={1}
                  value={draft.capacity}
                  onInput={(event) => change({ capacity: event.currentTarget.value })}
                />
              )}
            </Field>
          </div>
          <Field label={t('form.start')} name="startMode" problem={problem}>
            {(given) => (
              <select
                {...given}
                class="input"
                value={draft.startMode}
                onChange={(event) =>
                  change({ startMode: event.currentTarget.value === 'manual' ? 'manual' : 'automatic' })
                }
              >
                <option value="automatic">{t('form.automatic')}</option>
                <option value="manual">{t('form.manual')}</option>
              </select>
            )}
          </Field>
          <Field label={t('form.note')} name="note" problem={problem} hint={t('form.noteHint')} optional>
            {(given) => (
              <textarea
                {...given}
                class="input"
                rows={2}
                value={draft.note}
                onInput={(event) => change({ note: event.currentTarget.value })}
              />
            )}
          </Field>
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
