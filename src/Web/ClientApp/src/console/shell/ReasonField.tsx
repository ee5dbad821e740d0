import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../text';

/** product.md section 5: a reason is at most so long, and a message too. */
const longest = 255;

interface ReasonFieldProps {
  value: string;
  onChange: (reason: string) => void;
  presets: readonly string[];
  hint: string;
  mend?: string | undefined;
  label?: string;
  rows?: number;
}

/** A text for students, typed or taken from the usual ones. */
export function ReasonField(props: ReasonFieldProps) {
  const { value, onChange, presets, hint, mend, rows = 2 } = props;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (mend) field.current?.focus();
  }, [mend]);
  const left = longest - value.length;

  return (
    <div class="field">
      <label for={id}>{props.label ?? t('reason')}</label>
      {presets.length > 0 && (
        <div class="presets">
          {presets.map((preset) => (
            <button
              key={preset}
              type="button"
              class="preset"
              aria-pressed={value === preset}
              onClick={() => {
                onChange(preset);
                field.current?.focus();
              }}
            >
              {preset}
            </button>
          ))}
        </div>
      )}
      <textarea
        id={id}
        ref={field}
        class="input"
        name="reason"
        rows={rows}
        maxLength={longest}
        value={value}
        aria-invalid={Boolean(mend)}
        aria-describedby={`${id}-about`}
        onInput={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      />
      <span id={`${id}-about`} class={mend ? 'error' : 'hint'}>
        {mend ?? (left < 60 ? t('left', { count: left }) : hint)}
      </span>
    </div>
  );
}
