import { useRef } from 'preact/hooks';
import type { SessionPhase } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { PhaseBadge } from '../shell/Status';
import { t } from '../text';
import { phases } from './listFilter';

interface PhasePickerProps {
  chosen: readonly SessionPhase[];
  onChange: (chosen: readonly SessionPhase[]) => void;
}

/** Several phases out of all; none chosen means every one. */
export function PhasePicker({ chosen, onChange }: PhasePickerProps) {
  const panel = useRef<HTMLFieldSetElement>(null);
  const [only] = chosen;
  const label =
    only === undefined
      ? t('list.allPhases')
      : chosen.length === 1
        ? t(`phase.${only}`)
        : t('list.phases', { count: chosen.length });
  return (
    <span class="picker">
      <button
        class="input pickerButton"
        type="button"
        popovertarget="phase-picker"
        aria-label={`${t('list.phase')}: ${label}`}
        data-testid="phase-filter"
      >
        {label}
        <Icon name="down" />
      </button>
      <fieldset id="phase-picker" class="pickerPanel" popover="auto" ref={panel} aria-label={t('list.phase')}>
        {phases.map((phase) => (
          <label key={phase} class="check">
            <input
              type="checkbox"
              value={phase}
              checked={chosen.includes(phase)}
              onChange={(event) => {
                const on = event.currentTarget.checked;
                onChange(phases.filter((known) => (known === phase ? on : chosen.includes(known))));
              }}
            />
            <PhaseBadge phase={phase} />
          </label>
        ))}
        <button
          class="button small"
          type="button"
          disabled={chosen.length === 0}
          onClick={() => {
            onChange([]);
            panel.current?.hidePopover();
          }}
        >
          {t('list.allPhases')}
        </button>
      </fieldset>
    </span>
  );
}
