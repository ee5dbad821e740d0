export const languages = { en: 'English', es: 'Español', fr: 'Français' } as const;
export type Language = keyof typeof languages;

const key = 'liveproctor.language';

/** The first of a person's languages that the page speaks. */
export function languageFor(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const language = known(tag.toLowerCase().split('-')[0]);
    if (language) return language;
  }
  return 'en';
}

/** What the student chose on this device; null when nothing was. */
export function storedLanguage(): Language | null {
  try {
    return known(localStorage.getItem(key)) ?? null;
  } catch {
    return null;
  }
}

/** Keeps the choice and starts the page anew in it. */
export function choose(language: Language): void {
  try {
    localStorage.setItem(key, language);
  } catch {
    // Where storage is blocked there is no choice to keep.
  }
  location.reload();
}

function known(tag: string | null | undefined): Language | undefined {
  return (Object.keys(languages) as Language[]).find((language) => language === tag);
}
