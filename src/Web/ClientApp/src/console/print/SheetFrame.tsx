import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Problem } from '../../shared/problems';
import { problemText } from '../problemText';
import { go, onLink } from '../route';
import { Icon } from '../shell/Icon';
import { Toasts } from '../shell/Toasts';
import { t } from '../text';

interface SheetFrameProps {
  title: string;
  of: string;
  problem: Problem | null;
  loading: boolean;
  /** Whether there is anything to print. */
  ready: boolean;
  tools?: ComponentChildren;
  children: ComponentChildren;
}

/** A bar that is not printed above a page that is. */
export function SheetFrame({ title, of, problem, loading, ready, tools, children }: SheetFrameProps) {
  useEffect(() => {
    document.title = `${title} – ${t('product')}`;
  }, [title]);
  const back = { page: 'session', id: of, tab: 'approvals' } as const;
  return (
    <div class="sheetPage">
      <header class="sheetBar noPrint">
        <a
          href={`/?session=${encodeURIComponent(of)}`}
          class="iconButton"
          aria-label={t('print.toSession')}
          title={t('print.toSession')}
          onClick={(event) => onLink(event, back)}
        >
          <Icon name="back" />
        </a>
        <h1>{title}</h1>
        <span class="sheetTools">
          {tools}
          <button
            class="button primary"
            type="button"
            disabled={!ready}
            data-testid="print"
            onClick={() => print()}
          >
            {t('print.print')}
          </button>
        </span>
      </header>
      {problem && (
        <div class="sheetNote noPrint">
          <p class="notice bad" role="alert">
            <Icon name="alert" />
            <span>{problemText(problem)}</span>
          </p>
          <button class="button" type="button" onClick={() => go(back)}>
            {t('print.toSession')}
          </button>
        </div>
      )}
      {loading && (
        <p class="sheetNote muted" role="status">
          {t('loading')}
        </p>
      )}
      {children}
      <Toasts />
    </div>
  );
}
