import { useId } from 'preact/hooks';
import type { Problem } from '../../shared/problems';
import { t } from '../text';
import type { NumberSetting, ProfileDraft } from './profileSettings';

interface SentenceFieldProps {
  setting: NumberSetting;
  draft: ProfileDraft;
  problem: Problem | null;
  hint?: string | undefined;
  onChange: (part: Partial<ProfileDraft>) => void;
}

/** A sentence with a number to fill in: what stands before and after the number comes from the texts, split at `{number}`. */
export function SentenceField({ setting, draft, problem, hint, onChange }: SentenceFieldProps) {
  const id = useId();
  const mend = problem?.errors?.[setting]?.join(' ');
  const [before = '', after = ''] = t(`profile.${setting}`, { number: '\u0000' }).split('\u0000');
  return (
    <div class="sentenceField">
      <label for={id}>
        {before}
        <input
          id={id}
          name={setting}
          class="input"
          inputMode="decimal"
          autocomplete="off"
          value={draft[setting]}
          aria-invalid={Boolean(mend)}
          aria-describedby={`${id}-about`}
          onInput={(event) => onChange({ [setting]: event.currentTarget.value })}
        />
        {after}
      </label>
      <span id={`${id}-about`} class={mend ? 'error' : 'hint'}>
        {mend ?? hint}
      </span>
    </div>
  );
}
