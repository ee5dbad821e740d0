export { createText } from './text';

/** The page's language: the one that its HTML says. */
export const locale = typeof document === 'undefined' ? 'en' : document.documentElement.lang || 'en';
