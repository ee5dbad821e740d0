import { useRef, useState } from 'preact/hooks';
import { call, newIdempotencyKey } from '../../shared/api';
import type { Session } from '../../shared/wire';
import { problemText } from '../problemText';
import { go } from '../route';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';

/** Starts a practice session with thirty simulated students and goes to it. */
export function RehearsalButton({ primary }: { primary?: boolean }) {
  const [working, setWorking] = useState(false);
  const key = useRef(newIdempotencyKey());

  const start = async () => {
    if (working) return;
    setWorking(true);
    const answer = await call<Session>('POST', '/rehearsals', { body: {}, idempotencyKey: key.current });
    setWorking(false);
    if (!answer.ok) return toast(problemText(answer.problem), { tone: 'bad' });
    key.current = newIdempotencyKey();
    go({ page: 'session', id: answer.value.id, tab: 'approvals' });
  };

  return (
    <button
      class={primary ? 'button primary' : 'button'}
      type="button"
      disabled={working}
      title={t('rehearsal.hint')}
      onClick={start}
      data-testid="rehearsal"
    >
      <Icon name="play" />
      {working ? t('list.rehearsing') : t('list.rehearse')}
    </button>
  );
}
