import { useState } from 'preact/hooks';
import type { EntryRow } from '../../shared/wire';
import type { Room } from '../session/room';
import { Dialog } from '../shell/Dialog';
import { ReasonField } from '../shell/ReasonField';
import { nameOf } from '../students/order';
import { t } from '../text';

const presets = ['deny.preset1', 'deny.preset2', 'deny.preset3', 'deny.preset4'] as const;

export function DenyDialog({ room, rows }: { room: Room; rows: readonly EntryRow[] }) {
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const close = () => {
    room.dialog.value = null;
  };
  const [only] = rows;
  const title =
    rows.length === 1 && only
      ? t('deny.titleOne', { name: nameOf(only) })
      : t('deny.titleMany', { count: rows.length });

  return (
    <Dialog title={title} onClose={close} testId="deny-dialog">
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!reason.trim()) return setMissing(true);
          close();
          room.approvalsTicks.set(rows, false);
          void room.live.decisions.decide('deny', rows, reason.trim());
        }}
      >
        {rows.length > 1 && <p class="muted names">{rows.map(nameOf).join(' · ')}</p>}
        <ReasonField
          value={reason}
          onChange={setReason}
          presets={presets.map((preset) => t(preset))}
          hint={t('deny.hint')}
          mend={missing && !reason.trim() ? t('reason.missing') : undefined}
        />
        <footer class="dialogEnd">
          <button class="button" type="button" onClick={close}>
            {t('cancel')}
          </button>
          <button class="button danger" type="submit" data-testid="deny-confirm">
            {t('approvals.deny')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
