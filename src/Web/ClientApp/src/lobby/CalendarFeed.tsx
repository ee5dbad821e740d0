import { useSignal } from '@preact/signals';
import { call } from '../shared/api';
import type { CalendarLink } from '../shared/wire';
import { t } from './text';

/** Shows the address by which a calendar follows the student's sessions; it is made when it is first asked for. */
export function CalendarFeed({ secret }: { secret: string }) {
  const url = useSignal('');
  const failed = useSignal(false);
  const show = async () => {
    const path = `/my/${encodeURIComponent(secret)}/calendar`;
    let answer = await call<CalendarLink>('GET', path);
    if (answer.ok && !answer.value.url) answer = await call<CalendarLink>('POST', path);
    failed.value = !answer.ok;
    url.value = (answer.ok && answer.value.url) || '';
  };
  if (!url.value)
    return (
      <p>
        <button type="button" class="link" onClick={() => void show()}>
          {t('own.calendar')}
        </button>
        {failed.value && <span class="error"> {t('own.calendar.failed')}</span>}
      </p>
    );
  return (
    <p class="longAddress">
      {t('own.calendar.lead')} <a href={url.value}>{url.value}</a>
    </p>
  );
}
