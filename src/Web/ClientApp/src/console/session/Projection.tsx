import type { Session } from '../../shared/wire';
import { Dialog } from '../shell/Dialog';
import { t } from '../text';

/** The join ID for the wall of the room: as large as the screen lets it be. */
export function Projection({ session, onClose }: { session: Session; onClose: () => void }) {
  return (
    <Dialog title={session.name} onClose={onClose} size="full" testId="projection">
      <div class="projection">
        <p>{t('room.projectHint', { host: `${location.host}/join` })}</p>
        <p class="huge">{session.joinId}</p>
        <img src={`/api/v1/sessions/${session.id}/qr.svg`} alt={t('room.qrAlt', { name: session.name })} />
      </div>
    </Dialog>
  );
}
