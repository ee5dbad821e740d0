import { useEffect } from 'preact/hooks';
import type { Problem } from '../../shared/problems';
import type { Session } from '../../shared/wire';
import { mySelf } from '../account/me';
import { mayManage } from '../session/phaseRules';
import { Field } from '../shell/Field';
import { t } from '../text';
import { suggestCode } from './codes';
import type { Draft } from './draft';
import { ProctorPicker } from './ProctorPicker';
import { profileNames, readProfileNames } from './profileNames';

interface MoreFieldsProps {
  draft: Draft;
  /** The session that is edited or duplicated. */
  session: Session | undefined;
  problem: Problem | null;
  /** False for a session that does not exist yet. */
  exists: boolean;
  onChange: (part: Partial<Draft>) => void;
}

/** What a session has beside its name, window and tests. */
export function MoreFields({ draft, session, problem, exists, onChange }: MoreFieldsProps) {
  const manage = mayManage(mySelf.value?.role ?? 'observer');
  const profiles = profileNames().value;
  useEffect(() => {
    if (manage) void readProfileNames();
  }, []);

  return (
    <>
      <div class="pair">
        <Field label={t('form.code')} name="code" problem={problem} hint={t('form.codeHint')} optional>
          {(given) => (
            <span class="joined">
              <input
                {...given}
                class="input"
                maxLength={32}
                autocomplete="off"
                value={draft.code}
                onInput={(event) => onChange({ code: event.currentTarget.value })}
              />
              <button class="button" type="button" onClick={() => onChange({ code: suggestCode() })}>
                {t('form.suggest')}
              </button>
            </span>
          )}
        </Field>
        <Field
          label={t(exists ? 'form.passwordNew' : 'form.password')}
          name="password"
          problem={problem}
          hint={t(exists ? 'form.passwordKept' : 'form.passwordHint')}
          optional
        >
          {(given) => (
            <span class="joined">
              <input
                {...given}
                class="input"
                maxLength={64}
                autocomplete="off"
                value={draft.password}
                onInput={(event) => onChange({ password: event.currentTarget.value })}
              />
              <button class="button" type="button" onClick={() => onChange({ password: suggestPassword() })}>
                {t('form.suggest')}
              </button>
            </span>
          )}
        </Field>
      </div>
      {manage && (
        <ProctorPicker
          chosen={draft.proctors}
          known={session?.proctors ?? []}
          problem={problem}
          onChange={(proctors) => onChange({ proctors })}
        />
      )}
      <div class="pair">
        {manage && (
          <Field label={t('form.profile')} name="profileId" problem={problem} hint={t('form.profileHint')}>
            {(given) => (
              <select
                {...given}
                class="input"
                value={draft.profileId}
                onChange={(event) => onChange({ profileId: event.currentTarget.value })}
              >
                <option value="">{t('form.profileDefault')}</option>
                {draft.profileId && !profiles.some(({ id }) => id === draft.profileId) && (
                  <option value={draft.profileId}>{t('loading')}</option>
                )}
                {profiles.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={t('form.start')} name="startMode" problem={problem}>
          {(given) => (
            <select
              {...given}
              class="input"
              value={draft.startMode}
              onChange={(event) =>
                onChange({ startMode: event.currentTarget.value === 'manual' ? 'manual' : 'automatic' })
              }
            >
              <option value="automatic">{t('form.automatic')}</option>
              <option value="manual">{t('form.manual')}</option>
            </select>
          )}
        </Field>
        <Field
          label={t('form.capacity')}
          name="capacity"
          problem={problem}
          hint={t('form.capacityHint')}
          optional
        >
          {(given) => (
            <input
              {...given}
              class="input"
              type="number"
              inputMode="numeric"
              min={1}
              value={draft.capacity}
              onInput={(event) => onChange({ capacity: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <Field label={t('form.note')} name="note" problem={problem} hint={t('form.noteHint')} optional>
        {(given) => (
          <textarea
            {...given}
            class="input"
            rows={2}
            maxLength={2000}
            value={draft.note}
            onInput={(event) => onChange({ note: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}

// As the server makes them: without look-alikes, for they are read off paper.
const readable = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

function suggestPassword(): string {
  return Array.from(
    crypto.getRandomValues(new Uint32Array(10)),
    (value) => readable[value % readable.length],
  ).join('');
}
