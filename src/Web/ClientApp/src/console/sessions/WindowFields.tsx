import { useMemo } from 'preact/hooks';
import type { Problem } from '../../shared/problems';
import { Field } from '../shell/Field';
import { spanOf } from '../shell/span';
import { t } from '../text';
import type { Draft } from './draft';
import { TimeField } from './TimeField';
import { readTime, zones } from './zones';

interface WindowFieldsProps {
  draft: Draft;
  problem: Problem | null;
  onChange: (part: Partial<Draft>) => void;
  mayStartNow: boolean;
  /** The window is open: only its end can still move. */
  openFixed: boolean;
}

export function WindowFields({ draft, problem, onChange, mayStartNow, openFixed }: WindowFieldsProps) {
  const known = useMemo(() => [...new Set([draft.zone, ...zones()])], []);
  const opens = readTime(draft.opens, draft.zone);
  const closes = readTime(draft.closes, draft.zone);
  const long = 'at' in opens && 'at' in closes ? closes.at - opens.at : 0;

  return (
    <>
      {mayStartNow && (
        <fieldset class="field">
          <legend>{t('form.when')}</legend>
          <div class="choices two">
            {([true, false] as const).map((startNow) => (
              <label key={String(startNow)} class="choice">
                <input
                  type="radio"
                  name="when"
                  value={startNow ? 'now' : 'window'}
                  checked={draft.startNow === startNow}
                  onChange={() => onChange({ startNow })}
                />
                <span>
                  <strong>{t(startNow ? 'form.now' : 'form.window')}</strong>
                  <span class="hint">{t(startNow ? 'form.nowHint' : 'form.windowHint')}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {!draft.startNow && (
        <div class="pair">
          <TimeField
            label={t('form.opens')}
            name="opensAt"
            value={draft.opens}
            zone={draft.zone}
            problem={problem}
            disabled={openFixed}
            onChange={(opens) => onChange({ opens })}
          />
          <TimeField
            label={t('form.closes')}
            name="closesAt"
            value={draft.closes}
            zone={draft.zone}
            problem={problem}
            note={long > 0 ? t('form.length', { time: spanOf(long) }) : null}
            onChange={(closes) => onChange({ closes })}
          />
          <Field label={t('form.zone')} name="timeZone" problem={problem}>
            {(given) => (
              <select
                {...given}
                class="input"
                value={draft.zone}
                onChange={(event) => onChange({ zone: event.currentTarget.value })}
              >
                {known.map((zone) => (
                  <option key={zone} value={zone}>
                    {zone.replaceAll('_', ' ')}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
    </>
  );
}
