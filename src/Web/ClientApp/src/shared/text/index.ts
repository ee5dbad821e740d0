import { en } from './en';
import { createText } from './text';

export { createText } from './text';

/** The page's language: the one that its HTML says. */
export const locale = typeof document === 'undefined' ? 'en' : document.documentElement.lang || 'en';

/** Words of both pages. */
export const shared = createText(en, locale);
