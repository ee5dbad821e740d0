import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Desk as DeskName } from '../route';
import { t } from '../text';
import { Neighbours } from './Navigation';

/** The frame of a manager's page: its neighbours, its heading with what can be done, and its content. */
export function Desk({
  desk,
  actions,
  children,
}: {
  desk: DeskName;
  actions?: ComponentChildren;
  children?: ComponentChildren;
}) {
  const title = t(`nav.${desk}`);
  useEffect(() => {
    document.title = `${title} – ${t('product')}`;
  }, [title]);
  return (
    <main class="page desk" data-testid={`${desk}-page`}>
      <Neighbours desk={desk} />
      <header class="listHead">
        <h1>{title}</h1>
        {actions && <span class="actions">{actions}</span>}
      </header>
      {children}
    </main>
  );
}
