import type { Problem } from '../../shared/problems';
import type { Person } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { staffNames } from './staffNames';

interface ProctorPickerProps {
  chosen: readonly string[];
  /** Those whom the session names already, for when they are no longer on the staff. */
  known: readonly Person[];
  problem: Problem | null;
  onChange: (proctors: readonly string[]) => void;
}

/** The lead and any number of co-proctors. */
export function ProctorPicker({ chosen, known, problem, onChange }: ProctorPickerProps) {
  const staff = staffNames().value;
  const nameOf = (id: string) =>
    [...staff, ...known].find((person) => person.id === id)?.name ?? t('someone');
  const free = staff.filter(({ id }) => !chosen.includes(id));
  const mend = problem?.errors?.proctors?.join(' ');
  return (
    <fieldset class="field proctors" aria-describedby="proctors-about">
      <legend>{t('form.proctors')}</legend>
      {chosen.length > 0 && (
        <ul class="chosen">
          {chosen.map((id, index) => (
            <li key={id}>
              <span class="who">{nameOf(id)}</span>
              {index === 0 ? (
                <span class="badge">{t('form.lead')}</span>
              ) : (
                <button
                  class="button small plain"
                  type="button"
                  onClick={() => onChange([id, ...chosen.filter((other) => other !== id)])}
                >
                  {t('form.makeLead')}
                </button>
              )}
              <button
                class="iconButton"
                type="button"
                aria-label={t('form.remove', { name: nameOf(id) })}
                onClick={() => onChange(chosen.filter((other) => other !== id))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <select
        class="input"
        name="proctors"
        aria-label={t('form.addProctor')}
        value=""
        disabled={free.length === 0}
        data-testid="add-proctor"
        onChange={(event) => {
          const id = event.currentTarget.value;
          event.currentTarget.value = '';
          if (id) onChange([...chosen, id]);
        }}
      >
        <option value="">{t('form.addProctor')}…</option>
        {free.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <span id="proctors-about" class={mend ? 'error' : 'hint'}>
        {mend ?? t('form.proctorsHint')}
      </span>
    </fieldset>
  );
}
