import { createText, type Text, type Translation } from '../../shared/text/text';
import type { words as en } from './en';
import { type Language, languageFor, storedLanguage } from './languages';
import type { Refusals } from './refusals';

/** One language's file. */
export interface Words {
  words: Translation<typeof en>;
  refusals: Partial<Refusals>;
}

let say: Text<typeof en>;

/** The language that the page speaks now. */
export let locale: Language = 'en';

/** What refusals are called; empty where the server's own sentences are in this language. */
export let refusals: Readonly<Record<string, string>> = {};

/** The student's page in words. Not before `speak`. */
export const t: Text<typeof en> = (key, ...values) => say(key, ...values);

const files: Record<Language, () => Promise<Words>> = {
  en: () => import('./en'),
  es: () => import('./es'),
  fr: () => import('./fr'),
};

/** The words of the student's language, and of no other; English where they cannot be fetched. */
export async function fetchWords(): Promise<[Language, Words]> {
  const wanted = storedLanguage() ?? languageFor(navigator.languages);
  try {
    return [wanted, await files[wanted]()];
  } catch {
    return ['en', await files.en()];
  }
}

export function speak(language: Language, file: Words): void {
  say = createText(file.words, language) as Text<typeof en>;
  refusals = file.refusals;
  locale = language;
}
