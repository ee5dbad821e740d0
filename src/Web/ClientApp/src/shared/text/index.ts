import { en } from './en';
import { createText, type Text, type Translation } from './text';

export { createText } from './text';

/** The page's language: the one that its HTML says. */
export const locale = typeof document === 'undefined' ? 'en' : document.documentElement.lang || 'en';

let say: Text<typeof en> = createText(en, locale);

/** Words of both pages. */
export const shared: Text<typeof en> = (key, ...values) => say(key, ...values);

/** Says them in another language from now on. */
export function speakShared(words: Translation<typeof en>, language: string): void {
  say = createText(words, language) as Text<typeof en>;
}
