import { useState } from 'preact/hooks';
import { ProblemError } from '../../shared/problems';
import { client, connected } from '../hub';
import { problemText } from '../problemText';
import { Dialog } from '../shell/Dialog';
import { ReasonField } from '../shell/ReasonField';
import { toast } from '../shell/toasts';
import { t } from '../text';
import type { Room } from './room';

export function BroadcastDialog({ room }: { room: Room }) {
  const [text, setText] = useState('');
  const [mend, setMend] = useState<string>();
  const [working, setWorking] = useState(false);
  const close = () => {
    room.dialog.value = null;
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    if (working) return;
    if (!text.trim()) return setMend(t('command.textMissing'));
    setWorking(true);
    try {
      await client.invoke('Message', room.live.id, { entries: [], text: text.trim() });
      toast(t('broadcast.sent'));
      close();
    } catch (error) {
      setMend(problemText(error instanceof ProblemError ? error.problem : { code: 'offline', detail: '' }));
    }
    setWorking(false);
  };

  return (
    <Dialog title={t('broadcast.title')} onClose={close} testId="broadcast-dialog">
      <form class="form" onSubmit={submit} noValidate>
        <ReasonField
          label={t('command.text')}
          value={text}
          onChange={setText}
          presets={[]}
          hint={t('broadcast.hint')}
          rows={3}
          mend={mend}
        />
        <footer class="dialogEnd">
          <button class="button" type="button" onClick={close}>
            {t('cancel')}
          </button>
          <button class="button primary" type="submit" disabled={working || !connected.value}>
            {t('confirm.message')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
