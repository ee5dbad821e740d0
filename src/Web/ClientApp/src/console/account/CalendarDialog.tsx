import { useEffect, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { Problem } from '../../shared/problems';
import type { CalendarLink } from '../../shared/wire';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { toast } from '../shell/toasts';
import { t } from '../text';

/** The secret address by which a calendar program follows one's own sessions: shown, made anew, ended. */
export function CalendarDialog({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [working, setWorking] = useState(true);
  const ask = async (method: 'GET' | 'POST' | 'DELETE') => {
    setWorking(true);
    const answer = await call<CalendarLink | undefined>(method, '/me/calendar');
    setWorking(false);
    if (!answer.ok) return setProblem(answer.problem);
    setProblem(null);
    setUrl(answer.value?.url ?? null);
  };
  useEffect(() => void ask('GET'), []);
  const copy = async () => {
    if (!url) return;
    await navigator.clipboard.writeText(url);
    toast(t('copied'));
  };
  return (
    <Dialog title={t('calendarFeed.title')} onClose={onClose} testId="calendar-dialog">
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <Mends problem={problem} fields={[]} />
        <p>{t('calendarFeed.lead')}</p>
        {url && (
          <Field
            label={t('calendarFeed.address')}
            name="address"
            problem={null}
            hint={t('calendarFeed.secret')}
          >
            {(given) => (
              <input
                {...given}
                class="input"
                readOnly
                value={url}
                onFocus={(event) => event.currentTarget.select()}
              />
            )}
          </Field>
        )}
        <footer class="dialogEnd">
          {url && (
            <button
              class="button plain atStart"
              type="button"
              disabled={working}
              onClick={() => void ask('DELETE')}
            >
              {t('calendarFeed.end')}
            </button>
          )}
          <button class="button" type="button" disabled={working} onClick={() => void ask('POST')}>
            {t(url ? 'calendarFeed.renew' : 'calendarFeed.make')}
          </button>
          {url && (
            <button class="button primary" type="button" onClick={() => void copy()}>
              {t('calendarFeed.copy')}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
