import { useState } from 'preact/hooks';
import type { ProctoringProfile } from '../../shared/wire';
import { useAsk } from '../roster/ask';
import { Dialog } from '../shell/Dialog';
import { Field, Mends } from '../shell/Field';
import { SureNotice } from '../shell/SureNotice';
import { toast } from '../shell/toasts';
import { t } from '../text';
import {
  bounds,
  builtIn,
  closeRules,
  type NumberSetting,
  type ProfileDraft,
  profileDraft,
  profileRequest,
} from './profileSettings';
import { SentenceField } from './SentenceField';

const fields = ['name', 'closeRule', ...Object.keys(bounds)];

interface ProfileDialogProps {
  profile?: ProctoringProfile;
  onClose: () => void;
  onDone: () => void;
}

/** Adds a profile, or edits or deletes the one given: each setting a plain sentence. */
export function ProfileDialog({ profile, onClose, onDone }: ProfileDialogProps) {
  const [draft, setDraft] = useState<ProfileDraft>(() =>
    profileDraft(profile?.name ?? '', profile?.settings ?? builtIn),
  );
  const [removing, setRemoving] = useState(false);
  const { ask, problem: refused, setProblem, working } = useAsk<ProctoringProfile>(onDone);
  const change = (part: Partial<ProfileDraft>) => setDraft((before) => ({ ...before, ...part }));
  // The server names a setting by its path in the request.
  const problem = refused?.errors
    ? {
        ...refused,
        errors: Object.fromEntries(
          Object.entries(refused.errors).map(([name, said]) => [name.replace(/^settings\./, ''), said]),
        ),
      }
    : refused;

  const submit = async (event: Event) => {
    event.preventDefault();
    const request = profileRequest(draft);
    const errors: Record<string, string[]> = {};
    if (!draft.name.trim()) errors.name = [t('profile.nameMissing')];
    if ('wrong' in request)
      for (const setting of request.wrong)
        errors[setting] = [
          t(setting === 'admitJitterMilliseconds' ? 'profile.secondsWrong' : 'profile.minutesWrong', {
            count: bounds[setting].toLocaleString('en'),
          }),
        ];
    if ('wrong' in request || errors.name) return setProblem({ code: 'invalid', detail: '', errors });
    const saved = profile
      ? await ask('PUT', `/profiles/${profile.id}`, request, profile.version)
      : await ask('POST', '/profiles', request);
    if (!saved) return;
    toast(
      profile && profile.sessions > 0
        ? t('profile.savedFollow', { count: profile.sessions })
        : t('form.saved'),
    );
    onDone();
    onClose();
  };
  const remove = async () => {
    if (!profile || !(await ask('DELETE', `/profiles/${profile.id}`, undefined, profile.version))) return;
    toast(t('profile.deleted', { name: profile.name }));
    onDone();
    onClose();
  };

  const number = (setting: NumberSetting, hint?: string) => (
    <SentenceField setting={setting} draft={draft} problem={problem} hint={hint} onChange={change} />
  );
  const check = (setting: 'autoAdmit' | 'studentMayPause') => (
    <label class="settingCheck">
      <input
        type="checkbox"
        name={setting}
        checked={draft[setting]}
        onChange={(event) => change({ [setting]: event.currentTarget.checked })}
      />
      <span>
        {t(`profile.${setting}`)}
        <span class="hint">{t(`profile.${setting}Hint`)}</span>
      </span>
    </label>
  );

  return (
    <Dialog
      title={profile ? t('profile.edit') : t('profile.add')}
      onClose={onClose}
      size="large"
      testId="profile-dialog"
    >
      <form class="form profileForm" onSubmit={submit} noValidate>
        <Mends
          problem={problem}
          fields={fields}
          consequence={problem?.status === 412 ? t('people.stale') : undefined}
        />
        <Field label={t('profile.name')} name="name" problem={problem} hint={t('profile.nameHint')}>
          {(given) => (
            <input
              {...given}
              class="input"
              autocomplete="off"
              value={draft.name}
              onInput={(event) => change({ name: event.currentTarget.value })}
            />
          )}
        </Field>
        <section class="settingGroup">
          <h3>{t('profile.door')}</h3>
          {number('lobbyLeadMinutes')}
          {check('autoAdmit')}
          {number('admitJitterMilliseconds', t('profile.jitterHint'))}
        </section>
        <section class="settingGroup">
          <h3>{t('profile.during')}</h3>
          {check('studentMayPause')}
          {number('pauseLimitMinutes', t('profile.pauseHint'))}
        </section>
        <section class="settingGroup">
          <h3>{t('profile.end')}</h3>
          <fieldset class="field">
            <legend>{t('profile.closeRule')}</legend>
            <div class="choices">
              {closeRules.map((rule) => (
                <label class="choice" key={rule}>
                  <input
                    type="radio"
                    name="closeRule"
                    checked={draft.closeRule === rule}
                    onChange={() => change({ closeRule: rule })}
                  />
                  <span>
                    <strong>{t(`profile.rule.${rule}`)}</strong>
                    <span class="hint">{t(`profile.rule.${rule}Hint`)}</span>
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
          {number('graceMinutes')}
          {number('idleMinutes', t('profile.idleHint'))}
        </section>
        {profile && profile.sessions > 0 && (
          <p class="hint">{t('profile.follow', { count: profile.sessions })}</p>
        )}
        {removing && (
          <SureNotice
            question={t('profile.deleteSure')}
            yes={t('people.removeYes')}
            working={working}
            onYes={remove}
          />
        )}
        <footer class="dialogEnd">
          {profile && !removing && (
            <button class="button danger atStart" type="button" onClick={() => setRemoving(true)}>
              {t('people.remove')}
            </button>
          )}
          <button class="button" type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button class="button primary" type="submit" disabled={working}>
            {working ? t('form.saving') : t(profile ? 'form.submitEdit' : 'profile.add')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
