import { client, now } from '../hub';
import { t } from '../text';
import { Icon } from './Icon';
import { spanOf } from './span';

/** Says how old everything on the screen is while the connection is away. */
export function ConnectionBanner() {
  const state = client.connection.value;
  if (state === 'connected' || state === 'stopped') return null;
  const heard = client.heardAt.value;
  // The first connection of all needs no alarm unless it takes long.
  if (heard === null && state === 'connecting' && client.retryAt.value === null) return null;
  const age = heard === null ? null : spanOf(now.value - heard);
  return (
    <div class="banner" role="status" data-testid="offline">
      <Icon name="unplug" />
      <span>
        <strong>{state === 'connecting' ? t('connection.offline') : t('connection.lost')}</strong>{' '}
        {age && t('connection.asOf', { time: age })} {t('connection.wait')}
      </span>
      <button class="button small" type="button" onClick={() => client.hurry()}>
        {t('connection.retryNow')}
      </button>
    </div>
  );
}
