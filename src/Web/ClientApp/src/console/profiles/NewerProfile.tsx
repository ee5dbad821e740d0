import { useState } from 'preact/hooks';
import { call, newIdempotencyKey } from '../../shared/api';
import type { Session } from '../../shared/wire';
import { connected } from '../hub';
import { problemText } from '../problemText';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { differences } from './profileSettings';
import { sentence } from './sentences';

/** The profile was changed while the session runs: what would be different, and the way to have it so. */
export function NewerProfile({ session, steer }: { session: Session; steer: boolean }) {
  const [working, setWorking] = useState(false);
  const newer = session.newerProfile;
  if (!newer) return null;
  const take = async () => {
    setWorking(true);
    const answer = await call<Session>('POST', `/sessions/${session.id}/profile`, {
      idempotencyKey: newIdempotencyKey(),
    });
    setWorking(false);
    if (answer.ok) toast(t('profile.taken'));
    else toast(problemText(answer.problem), { tone: 'bad' });
  };
  return (
    <section class="notice accent strip newerProfile" data-testid="newer-profile">
      <details>
        <summary>
          <Icon name="refresh" />
          <span>
            {newer.id ? t('profile.newer', { name: newer.name }) : t('profile.newerDefault')}{' '}
            <u>{t('profile.whatDiffers')}</u>
          </span>
        </summary>
        <table class="differences">
          <thead>
            <tr>
              <th scope="col">{t('profile.now')}</th>
              <th scope="col">{t('profile.then')}</th>
            </tr>
          </thead>
          <tbody>
            {differences(session.profile, newer.settings).map((setting) => (
              <tr key={setting}>
                <td>{sentence(session.profile, setting)}</td>
                <td>{sentence(newer.settings, setting)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      {steer && (
        <button
          class="button small"
          type="button"
          disabled={working || !connected.value}
          onClick={() => void take()}
        >
          {t('profile.take')}
        </button>
      )}
    </section>
  );
}
