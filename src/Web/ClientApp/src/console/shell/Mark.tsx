import { t } from '../text';

/** The product's mark and name. */
export function Mark({ large }: { large?: boolean }) {
  return (
    <span class={large ? 'mark large' : 'mark'}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" class="markBack" />
        <path d="M9 16.5l4.5 4.5L23 11" class="markCheck" />
      </svg>
      <span>{t('product')}</span>
    </span>
  );
}
