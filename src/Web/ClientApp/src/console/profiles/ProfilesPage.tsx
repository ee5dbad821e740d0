import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ProctoringProfile, Profile } from '../../shared/wire';
import { problemText } from '../problemText';
import { useAsk } from '../roster/ask';
import { PagedList } from '../roster/pagedList';
import type { Query } from '../route';
import { Desk } from '../shell/Desk';
import { Icon } from '../shell/Icon';
import { toast } from '../shell/toasts';
import { t } from '../text';
import { ProfileDialog } from './ProfileDialog';
import { builtIn, differences, settingNames } from './profileSettings';
import { sentence } from './sentences';

/** The organisation's proctoring profiles, and which of them applies where a session names none. */
export function ProfilesPage(_: { query: Query }) {
  const list = useMemo(() => new PagedList<ProctoringProfile>(), []);
  const open = useSignal<{ profile?: ProctoringProfile } | null>(null);
  const { ask, working, problem: refused } = useAsk<{ profileId?: string | null }>();
  useEffect(() => {
    if (refused) toast(problemText(refused), { tone: 'bad' });
  }, [refused]);
  useEffect(() => void list.show('/profiles'), []);
  const rows = list.rows.value;
  const problem = list.problem.value;
  const named = rows.find(({ isDefault }) => isDefault);

  const choose = async (profileId: string | null) => {
    if (!(await ask('PUT', '/profiles/default', { profileId }))) return;
    toast(t('profile.defaultSet'));
    void list.reload();
  };

  return (
    <Desk
      desk="profiles"
      actions={
        <button
          class="button primary"
          type="button"
          data-testid="add-profile"
          onClick={() => {
            open.value = {};
          }}
        >
          <Icon name="plus" />
          {t('profile.add')}
        </button>
      }
    >
      <p class="muted lead">{t('profile.lead')}</p>
      {problem && (
        <p class="notice bad" role="alert">
          <Icon name="alert" />
          {problemText(problem)}
        </p>
      )}
      <div class="profileCards">
        {rows.map((profile) => (
          <ProfileCard
            key={profile.id}
            name={profile.name}
            settings={profile.settings}
            isDefault={profile.isDefault}
            used={t('profile.used', { count: profile.sessions })}
            working={working}
            onDefault={() => void choose(profile.id)}
            onEdit={() => {
              open.value = { profile };
            }}
          />
        ))}
        {!list.loading.value && !problem && (
          <ProfileCard
            name={t('profile.builtIn')}
            settings={builtIn}
            isDefault={!named}
            used={t('profile.builtInHint')}
            working={working}
            onDefault={() => void choose(null)}
          />
        )}
      </div>
      {open.value && (
        <ProfileDialog
          {...(open.value.profile ? { profile: open.value.profile } : {})}
          onClose={() => {
            open.value = null;
          }}
          onDone={() => void list.reload()}
        />
      )}
    </Desk>
  );
}

interface ProfileCardProps {
  name: string;
  settings: Profile;
  isDefault: boolean;
  used: string;
  working: boolean;
  onDefault: () => void;
  onEdit?: () => void;
}

function ProfileCard({ name, settings, isDefault, used, working, onDefault, onEdit }: ProfileCardProps) {
  const special = new Set(differences(builtIn, settings));
  return (
    <article class="card profileCard" data-testid="profile-card">
      <header>
        <h2>{name}</h2>
        {isDefault && (
          <span class="badge accent">
            <Icon name="check" />
            {t('profile.default')}
          </span>
        )}
      </header>
      <p class="hint">{used}</p>
      <ul>
        {settingNames.map((setting) => (
          <li key={setting} class={special.has(setting) ? 'special' : ''}>
            {sentence(settings, setting)}
          </li>
        ))}
      </ul>
      <footer class="actions">
        {onEdit && (
          <button
            class="button small"
            type="button"
            aria-label={t('profile.editNamed', { name })}
            onClick={onEdit}
          >
            <Icon name="edit" />
            {t('people.edit')}
          </button>
        )}
        {!isDefault && (
          <button
            class="button small plain"
            type="button"
            aria-label={t('profile.makeDefaultNamed', { name })}
            disabled={working}
            onClick={onDefault}
          >
            {t('profile.makeDefault')}
          </button>
        )}
      </footer>
    </article>
  );
}
