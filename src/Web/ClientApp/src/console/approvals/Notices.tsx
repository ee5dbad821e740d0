import { Icon } from '../shell/Icon';
import { t } from '../text';
import type { Decisions } from './decisions';

/** The entries of the last command that did not go through, each with its reason. */
export function Notices({ decisions }: { decisions: Decisions }) {
  const notices = decisions.notices.value;
  if (notices.length === 0) return null;
  return (
    <div class="notice warn outcomes" role="alert" data-testid="outcomes">
      <Icon name="alert" />
      <div>
        <strong>{t('outcome.title', { count: notices.length })}</strong>
        <ul>
          {notices.map(({ id, name, text }) => (
            <li key={id}>
              <span class="who">{name}</span> {text}
            </li>
          ))}
        </ul>
      </div>
      <button class="iconButton" type="button" onClick={() => decisions.dismiss()} aria-label={t('dismiss')}>
        <Icon name="close" />
      </button>
    </div>
  );
}
