import type { ReadonlySignal } from '@preact/signals';
import type { Lobby } from '../shared/wire';
import { t } from './text';
import { countdownText } from './times';

const day = 24 * 3600 * 1000;

/** To the window, in server time. Screen readers get the time of day elsewhere, not every second. */
export function Countdown({ lobby, now }: { lobby: Lobby; now: ReadonlySignal<number> }) {
  if (lobby.phase !== 'scheduled' && lobby.phase !== 'lobbyOpen') return null;
  const left = Date.parse(lobby.opensAt) - now.value;
  if (left <= 0) {
    return (
      <p class="countdown quiet">{t(lobby.startMode === 'manual' ? 'countdown.manual' : 'countdown.soon')}</p>
    );
  }
  return (
    <p class="countdown" role="timer" aria-live="off">
      <span class="hint">{t('countdown.label')}</span>
      <span class="digits numbers">
        {left >= day ? t('countdown.days', { count: Math.floor(left / day) }) : countdownText(left)}
      </span>
    </p>
  );
}
