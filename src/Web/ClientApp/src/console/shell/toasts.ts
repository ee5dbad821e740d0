import { signal } from '@preact/signals';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  action?: { name: string; run: () => void };
}

export const toasts = signal<readonly Toast[]>([]);
let last = 0;

/** Says something in passing. With an action it stays for the 5 s in which it can be undone; bad news stays longer. */
export function toast(text: string, options: Partial<Pick<Toast, 'tone' | 'action'>> = {}): void {
  last += 1;
  const added: Toast = {
    id: last,
    text,
    tone: options.tone ?? 'plain',
    ...(options.action ? { action: options.action } : {}),
  };
  toasts.value = [...toasts.value.slice(-2), added];
  setTimeout(() => drop(added.id), added.tone === 'bad' ? 12_000 : 5000);
}

export function drop(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}
