import { useRef } from 'preact/hooks';
import type { Problem } from '../../shared/problems';
import { Field } from '../shell/Field';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { entered, readTime, toLocal } from './zones';

interface TimeFieldProps {
  label: string;
  name: string;
  value: string;
  zone: string;
  problem: Problem | null;
  disabled?: boolean;
  /** Said beside the field when there is nothing else to say of it. */
  note?: string | null;
  onChange: (value: string) => void;
}

/** A time that is typed, or chosen in the browser's own calendar. */
export function TimeField({ label, name, value, zone, problem, disabled, note, onChange }: TimeFieldProps) {
  const picker = useRef<HTMLInputElement>(null);
  const read = readTime(value, zone);
  const local = read.kind === 'unreadable' ? '' : toLocal(read.at, zone);
  return (
    <Field
      label={label}
      name={name}
      problem={problem}
      note={repeated(value, zone) ?? note}
      hint={t('form.timeHint')}
    >
      {(given) => (
        <span class="joined timeField">
          <input
            {...given}
            class="input numbers"
            autocomplete="off"
            maxLength={40}
            value={value}
            disabled={disabled}
            onInput={(event) => onChange(event.currentTarget.value)}
            onBlur={() => {
              // What was typed in any other way is shown as it was understood; an offset is kept, since it says more.
              if (read.kind === 'exact' && !/(Z|[+-]\d\d:\d\d)$/.test(value.trim())) onChange(entered(local));
            }}
          />
          <input
            ref={picker}
            class="behind"
            type="datetime-local"
            tabIndex={-1}
            aria-hidden="true"
            value={local}
            disabled={disabled}
            onInput={(event) => event.currentTarget.value && onChange(entered(event.currentTarget.value))}
          />
          <button
            class="button"
            type="button"
            disabled={disabled}
            aria-label={`${label}: ${t('form.pick')}`}
            title={t('form.pick')}
            onClick={() => picker.current?.showPicker()}
          >
            <Icon name="calendar" />
          </button>
        </span>
      )}
    </Field>
  );
}

/** What to write for the second of two equal times. */
function repeated(value: string, zone: string): string | null {
  const read = readTime(value, zone);
  if (read.kind !== 'repeated') return null;
  const minutes = (Date.parse(`${toLocal(read.second, zone)}Z`) - read.second) / 60_000;
  const two = (part: number) => String(Math.trunc(Math.abs(part))).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
  return t('form.repeated', {
    time: toLocal(read.at, zone).slice(11),
    second: `${toLocal(read.second, zone)}${offset}`,
  });
}
