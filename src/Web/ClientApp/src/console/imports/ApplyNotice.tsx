import type { ImportNotice } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { t } from '../text';

interface ApplyNoticeProps {
  notice: ImportNotice;
  /** What is chosen; null as long as nothing is: nobody is told, or left untold, by a default. */
  value: boolean | null;
  /** True once somebody wanted to apply without choosing. */
  missing: boolean;
  onChange: (notify: boolean) => void;
}

/** Asks whether the registered students of moved sessions are told by e-mail, and says to how many. */
export function ApplyNotice({ notice, value, missing, onChange }: ApplyNoticeProps) {
  const without = notice.candidates - notice.withEmail;
  const nobody = notice.withEmail === 0;
  return (
    <fieldset
      class="field noticeOffer"
      data-testid="apply-notice"
      aria-invalid={missing}
      aria-describedby={missing ? 'apply-notice-missing' : undefined}
    >
      <legend>{t('notice.title')}</legend>
      <p class="hint">
        {t('imports.notice.sessions', { count: notice.sessions })}{' '}
        {t('imports.notice.candidates', { count: notice.candidates })}
        {without > 0 && ` ${t('notice.without', { count: without })}`}
        {notice.reasons.length > 0 &&
          ` ${t('imports.notice.why', { reasons: notice.reasons.map((reason) => t(`imports.notice.${reason}`)).join(', ') })}`}
      </p>
      <div class="choices two">
        <label class="choice">
          <input
            type="radio"
            name="notify"
            checked={value === true}
            disabled={nobody}
            data-testid="apply-notify"
            onChange={() => onChange(true)}
          />
          <span>
            <strong>
              {t('imports.notice.send', { count: notice.withEmail })}
              {notice.recommended && !nobody && <span class="badge accent">{t('notice.recommended')}</span>}
            </strong>
            <span class="hint">{t('notice.sendHint')}</span>
          </span>
        </label>
        <label class="choice">
          <input
            type="radio"
            name="notify"
            checked={value === false}
            data-testid="apply-silent"
            onChange={() => onChange(false)}
          />
          <span>
            <strong>{t('imports.notice.silent')}</strong>
            <span class="hint">{t('notice.silentHint')}</span>
          </span>
        </label>
      </div>
      {missing && (
        <p class="error" id="apply-notice-missing" role="alert">
          <Icon name="alert" /> {t('imports.notice.missing')}
        </p>
      )}
    </fieldset>
  );
}
