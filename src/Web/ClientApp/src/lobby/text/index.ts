import { speakShared } from '../../shared/text';
import { createText, type Text } from '../../shared/text/text';
import { en } from './en';
import { type Language, languageFor, storedLanguage } from './languages';

let say: Text<typeof en> = createText(en, 'en');

/** The language that the page speaks now. */
export let locale: Language = 'en';

/** The student's page in words. */
export const t: Text<typeof en> = (key, ...values) => say(key, ...values);

/** Takes up the student's language before anything is shown; what the page does not speak stays English. */
export async function speak(): Promise<void> {
  const wanted = storedLanguage() ?? languageFor(navigator.languages);
  if (wanted === 'en') return;
  try {
    const { lobby, shared } = wanted === 'es' ? await import('./es') : await import('./fr');
    say = createText(lobby, wanted) as Text<typeof en>;
    speakShared(shared, wanted);
    locale = wanted;
    document.documentElement.lang = wanted;
  } catch {
    // The words could not be fetched: English, rather than nothing.
  }
}
