import { Icon } from '../shell/Icon';
import { t } from '../text';
import type { Decisions, Notice } from './decisions';

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
          {byText(notices).map(([text, names]) => (
            <li key={text}>
              <span class="who">{names.join(' · ')}</span> {text}
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

/** Thirty that went the same way are one line with thirty names. */
function byText(notices: readonly Notice[]): [string, string[]][] {
  const names = new Map<string, string[]>();
  for (const { name, text } of notices) names.set(text, [...(names.get(text) ?? []), name]);
  return [...names];
}
