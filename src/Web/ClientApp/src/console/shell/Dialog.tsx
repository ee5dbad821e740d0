import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../text';
import { Icon } from './Icon';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  size?: 'small' | 'large' | 'full';
  testId?: string;
}

/** Where typing or choosing begins; of a dialog that only asks, the answer that changes nothing. */
function beginningOf(dialog: HTMLElement): HTMLElement | null {
  const fields = [...dialog.querySelectorAll<HTMLInputElement>('input, select, textarea')];
  const seen = fields.filter((field) => !field.disabled && !field.closest('[hidden], details:not([open])'));
  const first = seen.find(({ type, checked }) => type !== 'radio' || checked) ?? seen[0];
  return first ?? dialog.querySelector('.dialogEnd button:not(:disabled)');
}

/** A native modal dialog: focus begins at its first field and stays inside, Escape closes, focus goes back to where it was. */
export function Dialog({ title, onClose, children, size = 'small', testId }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  // Before the next key: an effect that waits until the page is drawn would let it go to what is behind the dialog.
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) {
      element.showModal();
      if (document.activeElement?.closest('header')) beginningOf(element)?.focus();
    }
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  // The browser tells a frame later: of a dialog that is gone, when the same place may show another one already.
  const closed = () => dialog.current && onClose();

  return (
    <dialog
      ref={dialog}
      class={`dialog ${size}`}
      aria-labelledby={heading}
      data-testid={testId}
      onClose={closed}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <button class="iconButton" type="button" onClick={onClose} aria-label={t('close')}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
