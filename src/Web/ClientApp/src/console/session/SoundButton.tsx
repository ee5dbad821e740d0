import { Icon } from '../shell/Icon';
import { t } from '../text';
import { sound, toggleSound } from './newRequests';

export function SoundButton() {
  const name = t(sound.value ? 'room.soundOn' : 'room.soundOff');
  return (
    <button
      class="iconButton soundButton"
      type="button"
      aria-pressed={sound.value}
      aria-label={name}
      title={name}
      onClick={toggleSound}
      data-testid="sound"
    >
      <Icon name={sound.value ? 'bell' : 'bellOff'} />
    </button>
  );
}
