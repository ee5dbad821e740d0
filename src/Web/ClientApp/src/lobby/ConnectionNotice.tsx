import { useSignal, useSignalEffect } from '@preact/signals';
import { OfflineIcon } from '../shared/icons';
import type { Place } from './place';
import { t } from './text';

/** Shorter breaks heal before anybody has read a sentence about them. */
const quietMilliseconds = 1500;

/** Says that the connection is lost, above a page that stays as it was. */
export function ConnectionNotice({ place }: { place: Place }) {
  const shown = useSignal(false);
  const wasShown = useSignal(false);
  useSignalEffect(() => {
    const { value } = place.client.connection;
    if (place.ended.value || (value !== 'reconnecting' && value !== 'connecting')) {
      shown.value = false;
      return;
    }
    const timer = setTimeout(
      () => {
        shown.value = true;
        wasShown.value = true;
      },
      value === 'connecting' ? 2 * quietMilliseconds : quietMilliseconds,
    );
    return () => clearTimeout(timer);
  });
  const { clock, retryAt } = place.client;
  // Counted on the page's own second, which is server time.
  const left = Math.ceil(((retryAt.value ?? 0) + clock.offset - place.now.value) / 1000);
  return (
    <div role="status" class="connection">
      {!shown.value && wasShown.value && <p class="visually-hidden">{t('connection.back')}</p>}
      {shown.value && (
        <p class="notice warn">
          <OfflineIcon />
          <span class="numbers">
            {left > 1 ? t('connection.lostIn', { count: left }) : t('connection.lost')}
          </span>
          <button type="button" class="link" onClick={() => place.client.hurry()}>
            {t('connection.now')}
          </button>
        </p>
      )}
    </div>
  );
}
