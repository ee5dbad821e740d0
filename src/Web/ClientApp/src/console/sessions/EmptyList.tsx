import { Icon } from '../shell/Icon';
import { t } from '../text';
import { RehearsalButton } from './RehearsalButton';

/** The first thing that a new installation shows: what a session is, and the two ways to get one. */
export function EmptyList({ arrange, onCreate }: { arrange: boolean; onCreate: () => void }) {
  return (
    <section class="welcome" data-testid="empty-list">
      <DoorPicture />
      <h2>{t('list.empty')}</h2>
      <p class="muted">{arrange ? t('list.emptyLead') : t('list.emptyObserver')}</p>
      {arrange && (
        <div class="ways">
          <section class="card">
            <h3>{t('list.rehearse')}</h3>
            <p class="muted">{t('list.emptyRehearse')}</p>
            <RehearsalButton primary />
          </section>
          <section class="card">
            <h3>{t('list.create')}</h3>
            <p class="muted">{t('list.emptyCreate')}</p>
            <button class="button" type="button" onClick={onCreate} data-testid="create-session">
              <Icon name="plus" />
              {t('list.create')}
            </button>
          </section>
        </div>
      )}
    </section>
  );
}

function DoorPicture() {
  return (
    <svg class="doorPicture" viewBox="0 0 120 72" aria-hidden="true">
      <path class="floor" d="M8 64h104" />
      <path class="frame" d="M46 64V10h28v54" />
      <path class="leaf" d="M50 64V14l18 5v45z" />
      <path class="knob" d="M64 41v3" />
      <circle class="head done" cx="92" cy="42" r="5" />
      <path class="body done" d="M84 62c0-7 3-11 8-11s8 4 8 11" />
      <circle class="head" cx="32" cy="42" r="5" />
      <path class="body" d="M24 62c0-7 3-11 8-11s8 4 8 11" />
      <circle class="head" cx="14" cy="44" r="4.4" />
      <path class="body" d="M7 62c0-6 3-9.6 7-9.6s7 3.6 7 9.6" />
    </svg>
  );
}
