import type { Session } from '../../shared/wire';
import { DenyDialog } from '../approvals/DenyDialog';
import { SessionDialog } from '../sessions/SessionDialog';
import { CommandDialog } from '../students/CommandDialog';
import { BroadcastDialog } from './BroadcastDialog';
import { KeysDialog } from './KeysDialog';
import { PhaseDialog } from './PhaseDialog';
import { Projection } from './Projection';
import { QrDialog } from './QrDialog';
import type { Room } from './room';

export function RoomDialogs({ room, session }: { room: Room; session: Session }) {
  const dialog = room.dialog.value;
  const close = () => {
    room.dialog.value = null;
  };
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'deny':
      return <DenyDialog room={room} rows={dialog.rows} />;
    case 'command':
      return <CommandDialog room={room} session={session} command={dialog.command} rows={dialog.rows} />;
    case 'phase':
      return <PhaseDialog room={room} session={session} action={dialog.action} />;
    case 'broadcast':
      return <BroadcastDialog room={room} />;
    case 'edit':
      return <SessionDialog session={session} onClose={close} />;
    case 'project':
      return <Projection session={session} onClose={close} />;
    case 'qr':
      return <QrDialog session={session} onClose={close} />;
    case 'keys':
      return <KeysDialog onClose={close} />;
  }
}
