import { signal } from '@preact/signals';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'theme';

function stored(): Theme {
  try {
    return themes.find((known) => known === localStorage.getItem(key)) ?? 'auto';
  } catch {
    return 'auto';
  }
}

export const theme = signal<Theme>('auto');

function show(value: Theme): void {
  theme.value = value;
  if (value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
}

export function restoreTheme(): void {
  show(stored());
}

export function nextTheme(): void {
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'auto';
  show(next);
  try {
    localStorage.setItem(key, next);
  } catch {
    // Private browsing without storage: the choice lasts as long as the page.
  }
}
