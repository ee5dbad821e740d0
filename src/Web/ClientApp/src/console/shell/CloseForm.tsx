import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../text';

/** What a dialog ends with once its work is done: what became of it, and the button that closes, with the focus. */
export function CloseForm({ onClose, children }: { onClose: () => void; children: ComponentChildren }) {
  const id = useId();
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div id={id}>{children}</div>
      <footer class="dialogEnd">
        <button class="button primary" type="submit" ref={close} aria-describedby={id}>
          {t('close')}
        </button>
      </footer>
    </form>
  );
}
