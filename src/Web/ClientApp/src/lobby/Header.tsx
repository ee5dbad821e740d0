import type { ComponentChildren } from 'preact';
import { t } from './text';

/** Who and where, on every screen of the student's page. */
export function Header({ children }: { children?: ComponentChildren }) {
  return (
    <header class="top">
      <div class="top-inner">
        <span class="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M9 16.5l4.5 4.5L23 11" />
          </svg>
          <span>{t('brand')}</span>
        </span>
        {children}
      </div>
    </header>
  );
}
