import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
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

  useEffect(() => {
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

  return (
    <dialog
      ref={dialog}
      class={`dialog ${size}`}
      aria-labelledby={heading}
      data-testid={testId}
      onClose={onClose}
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
