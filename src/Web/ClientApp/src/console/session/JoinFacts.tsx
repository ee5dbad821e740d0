import type { Session } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';
import type { Room } from './room';

/** How students find this session: join ID, link with QR code, session code. */
export function JoinFacts({ room, session }: { room: Room; session: Session }) {
  return (
    <>
      <div class="fact join">
        <dt>{t('room.joinId')}</dt>
        <dd>
          <button
            type="button"
            class="joinId"
            data-testid="join-id"
            aria-label={t('room.project', { joinId: session.joinId })}
            title={t('room.project', { joinId: session.joinId })}
            onClick={() => {
              room.dialog.value = { kind: 'project' };
            }}
          >
            {session.joinId}
            <Icon name="screen" />
          </button>
          <button
            class="iconButton"
            type="button"
            aria-label={t('room.qr')}
            title={t('room.qr')}
            data-testid="qr"
            onClick={() => {
              room.dialog.value = { kind: 'qr' };
            }}
          >
            <Icon name="qr" />
          </button>
          {session.joinLink && (
            <button
              class="button small"
              type="button"
              data-testid="copy-link"
              data-link={joinAddress(session)}
              onClick={() => void copy(joinAddress(session))}
            >
              <Icon name="link" />
              {t('room.copyLink')}
            </button>
          )}
        </dd>
      </div>
      {session.code && (
        <div class="fact">
          <dt>{t('room.code')}</dt>
          <dd class="sayable" data-testid="session-code">
            {session.code}
          </dd>
        </div>
      )}
    </>
  );
}

/** Where a student goes: the join link, or the join page with the ID filled in. Feeds carry links without their host. */
export function joinAddress(session: Session): string {
  return new URL(session.joinLink || `/join/${session.joinId}`, location.origin).href;
}

/** Copies a text; where the browser does not let pages do it, the text is selected in a prompt instead. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(t('copied'));
  } catch {
    prompt(t('room.link'), text);
  }
}
