import type { SessionMode } from '../../shared/wire';
import { t } from '../text';

const modes: readonly SessionMode[] = ['inPerson', 'remote', 'hybrid'];

export function ModeChoice({
  value,
  onChange,
}: {
  value: SessionMode;
  onChange: (mode: SessionMode) => void;
}) {
  return (
    <fieldset class="field">
      <legend>{t('form.mode')}</legend>
      <div class="choices">
        {modes.map((mode) => (
          <label key={mode} class="choice">
            <input
              type="radio"
              name="mode"
              value={mode}
              checked={value === mode}
              onChange={() => onChange(mode)}
            />
            <span>
              <strong>{t(`mode.${mode}`)}</strong>
              <span class="hint">{t(`form.${mode}`)}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
