import type { Session } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { nameOf } from './order';
import { type Preview, skippedByReason } from './preview';

const namesShown = 8;

/** Whom a command touches, whom it skips, and why: read before it is sent. */
export function PreviewText({ shown, session }: { shown: Preview; session: Session }) {
  const { affected, skipped, throughLobby } = shown;
  const more = affected.length - namesShown;
  return (
    <div class="preview" data-testid="preview">
      <p>
        <Icon name="person" />
        <span>
          <strong>
            {affected.length > 0 ? t('preview.affected', { count: affected.length }) : t('preview.nobody')}
          </strong>
          {affected.length > 0 && (
            <span class="muted names">
              {affected.slice(0, namesShown).map(nameOf).join(' · ')}
              {more > 0 && ` ${t('preview.more', { count: more })}`}
            </span>
          )}
        </span>
      </p>
      {throughLobby.length > 0 && (
        <p class="warned">
          <Icon name="alert" />
          {t('preview.throughLobby', {
            count: throughLobby.length,
            minutes: session.profile.pauseLimitMinutes,
          })}
        </p>
      )}
      {skipped.length > 0 && (
        <p>
          <Icon name="ghost" />
          <span>
            <strong>{t('preview.skipped', { count: skipped.length })}</strong>
            <span class="muted names">
              {skippedByReason(skipped)
                .map(({ reason, count }) => t('preview.skippedWhy', { count, why: t(`skip.${reason}`) }))
                .join(' · ')}
            </span>
          </span>
        </p>
      )}
    </div>
  );
}
