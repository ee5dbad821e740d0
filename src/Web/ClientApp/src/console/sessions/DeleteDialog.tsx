import { useEffect, useRef, useState } from 'preact/hooks';
import { call, newIdempotencyKey } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { DeleteSessionsAnswer, DeletionPreview, SessionListRow } from '../../shared/wire';
import { NoticeChoice } from '../mail/NoticeChoice';
import { CloseForm } from '../shell/CloseForm';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';

interface DeleteDialogProps {
  rows: readonly SessionListRow[];
  onClose: () => void;
  /** With the sessions that are gone. */
  onDeleted: (ids: readonly string[]) => void;
}

/** Says what deleting would do, asks for the number typed, and tells what became of each session. */
export function DeleteDialog({ rows, onClose, onDeleted }: DeleteDialogProps) {
  const [preview, setPreview] = useState<DeletionPreview | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [typed, setTyped] = useState('');
  const [notify, setNotify] = useState<boolean | null>(null);
  const [working, setWorking] = useState(false);
  const [left, setLeft] = useState<{ name: string; why: string }[] | null>(null);
  // One key a request as it is asked: a repetition after another choice is another request.
  const key = useRef(newIdempotencyKey());
  const keyOf = useRef('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), [preview]);

  const ask = async () => {
    setProblem(null);
    const answer = await call<DeletionPreview>('POST', '/sessions/delete-preview', {
      body: { ids: rows.map(({ id }) => id) },
    });
    if (answer.ok) {
      const { students, withEmail, recommended } = answer.value;
      setPreview(answer.value);
      setNotify(students > 0 ? recommended && withEmail > 0 : null);
    } else setProblem(answer.problem);
  };
  useEffect(() => {
    void ask();
  }, []);

  const refused = new Set(preview?.refused.map(({ id }) => id));
  const free = rows.filter(({ id }) => !refused.has(id));

  /** Not one of them can be deleted. */
  const stays = preview !== null && free.length === 0;

  const remove = async (event: Event) => {
    event.preventDefault();
    if (working || !preview) return;
    if (Number(typed.trim()) !== free.length) {
      const sentence = t('delete.typeWrong', { count: free.length });
      return setProblem({ code: 'invalid', detail: '', errors: { confirm: [sentence] } });
    }
    setProblem(null);
    setWorking(true);
    const asked = `${notify}`;
    if (asked !== keyOf.current) {
      keyOf.current = asked;
      key.current = newIdempotencyKey();
    }
    const answer = await call<DeleteSessionsAnswer>('POST', '/sessions/delete', {
      body: {
        sessions: free.map(({ id, version }) => ({ id, version })),
        confirm: free.length,
        notify: notify === true,
      },
      idempotencyKey: key.current,
    });
    setWorking(false);
    if (!answer.ok) return setProblem(answer.problem);
    const { results, registrations } = answer.value;
    const gone = results.filter(({ outcome }) => outcome === 'deleted' || outcome === 'gone');
    onDeleted(gone.map(({ id }) => id));
    const detached = registrations === 0 ? '' : t('delete.detached', { count: registrations });
    toast(`${t('delete.done', { count: gone.length })} ${detached}`);
    const stayed = results.filter(({ outcome }) => outcome === 'running' || outcome === 'stale');
    if (stayed.length === 0) return onClose();
    setLeft(
      stayed.map(({ id, detail }) => ({
        name: rows.find((row) => row.id === id)?.name ?? id,
        why: detail ?? '',
      })),
    );
  };

  return (
    <Dialog title={t('delete.title')} onClose={onClose} testId="delete-dialog">
      {left ? (
        <CloseForm onClose={onClose}>
          <Refused rows={left} lead={t('delete.stayed', { count: left.length })} />
        </CloseForm>
      ) : (
        <form class="form" onSubmit={remove} noValidate>
          <Mends problem={problem} fields={['confirm']} consequence={t('delete.nothing')} />
          {!preview && !problem && <p class="muted">{t('loading')}</p>}
          {preview && (
            <>
              {free.length > 0 && (
                <>
                  <p>
                    <strong>{t('delete.sessions', { count: preview.sessions })}</strong>{' '}
                    {preview.registrations === 0
                      ? t('delete.noRegistrations')
                      : t('delete.registrations', { count: preview.registrations })}
                  </p>
                  <Names rows={free} />
                </>
              )}
              {preview.refused.length > 0 && (
                <Refused
                  rows={preview.refused.map(({ name, reason }) => ({ name, why: reason }))}
                  lead={t('delete.refused', { count: preview.refused.length })}
                />
              )}
              {preview.students > 0 && (
                <NoticeChoice
                  lead={tellLead(preview)}
                  withEmail={preview.withEmail}
                  recommended={preview.recommended}
                  delivery={preview.delivery}
                  texts={{
                    send: t('notice.deleteSend'),
                    silent: t('notice.cancelSilent'),
                    silentHint: t('notice.deleteHint'),
                  }}
                  value={notify}
                  onChange={setNotify}
                />
              )}
              {free.length > 0 && (
                <Field label={t('delete.type', { count: free.length })} name="confirm" problem={problem}>
                  {(given) => (
                    <input
                      {...given}
                      ref={field}
                      class="input short"
                      inputMode="numeric"
                      autocomplete="off"
                      value={typed}
                      data-testid="delete-count"
                      onInput={(event) => setTyped(event.currentTarget.value)}
                    />
                  )}
                </Field>
              )}
            </>
          )}
          <footer class="dialogEnd">
            <button class="button" type="button" onClick={onClose}>
              {t(stays ? 'close' : 'cancel')}
            </button>
            {problem && !preview ? (
              <button class="button" type="button" onClick={ask}>
                {t('retry')}
              </button>
            ) : stays ? null : (
              <button
                class="button danger"
                type="submit"
                disabled={working || !preview}
                data-testid="delete-submit"
              >
                {working ? t('delete.working') : t('delete.submit', { count: free.length })}
              </button>
            )}
          </footer>
        </form>
      )}
    </Dialog>
  );
}

function tellLead({ students, withEmail }: DeletionPreview): string {
  const lead = t('notice.losing', { count: students });
  return students > withEmail ? `${lead} ${t('notice.without', { count: students - withEmail })}` : lead;
}

const most = 5;

function Names({ rows }: { rows: readonly SessionListRow[] }) {
  return (
    <ul class="names">
      {rows.slice(0, most).map(({ id, name }) => (
        <li key={id}>{name}</li>
      ))}
      {rows.length > most && <li class="muted">{t('delete.more', { count: rows.length - most })}</li>}
    </ul>
  );
}

function Refused({ rows, lead }: { rows: readonly { name: string; why: string }[]; lead: string }) {
  return (
    <div class="notice warn" role="status">
      <Icon name="alert" />
      <div>
        <strong>{lead}</strong>
        <ul>
          {rows.slice(0, most).map(({ name, why }) => (
            <li key={name}>
              {name}: {why}
            </li>
          ))}
          {rows.length > most && <li>{t('delete.more', { count: rows.length - most })}</li>}
        </ul>
      </div>
    </div>
  );
}
