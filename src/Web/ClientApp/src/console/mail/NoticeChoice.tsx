import type { MailDelivery } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { t } from '../text';

interface NoticeChoiceProps {
  /** Who would be told, and what speaks for it. */
  lead: string;
  withEmail: number;
  recommended: boolean;
  delivery: MailDelivery;
  /** What telling them holds, and what follows from not telling them. */
  texts: { send: string; silent: string; silentHint: string };
  value: boolean | null;
  onChange: (notify: boolean) => void;
}

/** To tell the students by mail, or not. */
export function NoticeChoice({
  lead,
  withEmail,
  recommended,
  delivery,
  texts,
  value,
  onChange,
}: NoticeChoiceProps) {
  return (
    <fieldset class="field noticeOffer" data-testid="notice-offer">
      <legend>{t('notice.title')}</legend>
      <p class="hint">{lead}</p>
      <div class="choices two">
        <label class="choice">
          <input
            type="radio"
            name="notify"
            checked={value === true}
            disabled={withEmail === 0}
            data-testid="notify-send"
            onChange={() => onChange(true)}
          />
          <span>
            <strong>
              {t('notice.send', { count: withEmail })}
              {recommended && withEmail > 0 && <span class="badge accent">{t('notice.recommended')}</span>}
            </strong>
            <span class="hint">{texts.send}</span>
          </span>
        </label>
        <label class="choice">
          <input
            type="radio"
            name="notify"
            checked={value === false}
            data-testid="notify-silent"
            onChange={() => onChange(false)}
          />
          <span>
            <strong>{texts.silent}</strong>
            <span class="hint">{texts.silentHint}</span>
          </span>
        </label>
      </div>
      {delivery.kind === 'files' && value === true && (
        <p class="notice warn">
          <Icon name="alert" />
          <span>{t('notice.files')}</span>
        </p>
      )}
    </fieldset>
  );
}
