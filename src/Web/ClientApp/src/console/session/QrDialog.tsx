import type { Session } from '../../shared/wire';
import { Dialog } from '../shell/Dialog';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { copy, joinAddress } from './JoinFacts';

export function QrDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const link = joinAddress(session);
  return (
    <Dialog title={t('room.qrHint')} onClose={onClose} testId="qr-dialog">
      <div class="qr">
        <img src={`/api/v1/sessions/${session.id}/qr.svg`} alt={t('room.qrAlt', { name: session.name })} />
        <div class="joined">
          <input class="input mono" readOnly value={link} aria-label={t('room.link')} />
          <button class="button" type="button" onClick={() => void copy(link)}>
            <Icon name="copy" />
            {t('room.copyLink')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
