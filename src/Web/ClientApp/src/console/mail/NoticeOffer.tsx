import { useEffect, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { NoticePreview } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { t } from '../text';

interface NoticeOfferProps {
  sessionId: string;
  /** The window as it would be saved; empty where it cannot be read yet. */
  opensAt?: string | undefined;
  closesAt?: string | undefined;
  /** The session will be cancelled. */
  cancel?: boolean;
  /** What is chosen; null as long as there is nothing to choose. */
  value: boolean | null;
  onChange: (notify: boolean | null) => void;
}

const pause = 250;

/** Asks whether the registered students shall be told of a change of dates, and says to how many. Shows nothing where it touches nobody. */
export function NoticeOffer({ sessionId, opensAt, closesAt, cancel, value, onChange }: NoticeOfferProps) {
  const [preview, setPreview] = useState<NoticePreview | null>(null);
  const [unread, setUnread] = useState(false);
  useEffect(() => {
    if (!cancel && (!opensAt || !closesAt)) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const answer = await call<NoticePreview>('POST', `/sessions/${sessionId}/notice-preview`, {
        body: cancel ? { cancel } : { opensAt, closesAt },
        signal: stop.signal,
      });
      if (stop.signal.aborted) return;
      setUnread(!answer.ok);
      if (!answer.ok) return;
      const found = answer.value;
      const offered = found.changes && found.candidates > 0;
      setPreview(offered ? found : null);
      // What the person chose stays; before that the recommendation is chosen.
      onChange(offered ? (value ?? (found.recommended && found.withEmail > 0)) : null);
    }, pause);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [sessionId, opensAt, closesAt, cancel]);

  if (unread) return <p class="hint">{t('notice.unread')}</p>;
  if (!preview) return null;
  const without = preview.candidates - preview.withEmail;
  return (
    <fieldset class="field noticeOffer" data-testid="notice-offer">
      <legend>{t('notice.title')}</legend>
      <p class="hint">
        {t('notice.count', { count: preview.candidates })}
        {without > 0 && ` ${t('notice.without', { count: without })}`}
        {preview.reasons.map((reason) => (
          <> {t(`notice.reason.${reason}`)}</>
        ))}
      </p>
      <div class="choices two">
        <label class="choice">
          <input
            type="radio"
            name="notify"
            checked={value === true}
            disabled={preview.withEmail === 0}
            data-testid="notify-send"
            onChange={() => onChange(true)}
          />
          <span>
            <strong>
              {t('notice.send', { count: preview.withEmail })}
              {preview.recommended && preview.withEmail > 0 && (
                <span class="badge accent">{t('notice.recommended')}</span>
              )}
            </strong>
            <span class="hint">{t('notice.sendHint')}</span>
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
            <strong>{t(cancel ? 'notice.cancelSilent' : 'notice.silent')}</strong>
            <span class="hint">{t(cancel ? 'notice.cancelHint' : 'notice.silentHint')}</span>
          </span>
        </label>
      </div>
      {preview.delivery.kind === 'files' && value === true && (
        <p class="notice warn">
          <Icon name="alert" />
          <span>{t('notice.files')}</span>
        </p>
      )}
    </fieldset>
  );
}
