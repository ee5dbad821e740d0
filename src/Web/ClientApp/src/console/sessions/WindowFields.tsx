import { useMemo } from 'preact/hooks';
import type { Problem } from '../../shared/problems';
import { Field } from '../shell/Field';
import { spanOf } from '../shell/span';
import { t } from '../text';
import type { Draft } from './draft';
import { fromLocal, zones } from './zones';

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
  const opens = fromLocal(draft.opens, draft.zone);
  const closes = fromLocal(draft.closes, draft.zone);
  const long = 'at' in opens && 'at' in closes ? closes.at - opens.at : 0;
  const repeated = (local: string, kind: string) =>
    kind === 'repeated' ? t('form.repeated', { time: local.slice(11, 16) }) : null;

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
          <Field
            label={t('form.opens')}
            name="opensAt"
            problem={problem}
            note={repeated(draft.opens, opens.kind)}
          >
            {(given) => (
              <input
                {...given}
                class="input"
                type="datetime-local"
                value={draft.opens}
                disabled={openFixed}
                onInput={(event) => onChange({ opens: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field
            label={t('form.closes')}
            name="closesAt"
            problem={problem}
            note={
              repeated(draft.closes, closes.kind) ??
              (long > 0 ? t('form.length', { time: spanOf(long) }) : null)
            }
          >
            {(given) => (
              <input
                {...given}
                class="input"
                type="datetime-local"
                value={draft.closes}
                onInput={(event) => onChange({ closes: event.currentTarget.value })}
              />
            )}
          </Field>
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
