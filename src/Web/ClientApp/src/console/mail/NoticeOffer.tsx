import { useEffect, useState } from 'preact/hooks';
import { call } from '../../shared/api';
import type { NoticePreview } from '../../shared/wire';
import { t } from '../text';
import { NoticeChoice } from './NoticeChoice';

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
  const lead = [
    t('notice.count', { count: preview.candidates }),
    ...(without > 0 ? [t('notice.without', { count: without })] : []),
    ...preview.reasons.map((reason) => t(`notice.reason.${reason}`)),
  ];
  return (
    <NoticeChoice
      lead={lead.join(' ')}
      withEmail={preview.withEmail}
      recommended={preview.recommended}
      delivery={preview.delivery}
      texts={{
        send: t('notice.sendHint'),
        silent: t(cancel ? 'notice.cancelSilent' : 'notice.silent'),
        silentHint: t(cancel ? 'notice.cancelHint' : 'notice.silentHint'),
      }}
      value={value}
      onChange={onChange}
    />
  );
}
