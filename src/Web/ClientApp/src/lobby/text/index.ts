import { createText, locale } from '../../shared/text';
import { en } from './en';

/** The student's page in words. */
export const t = createText(en, locale);
export { locale } from '../../shared/text';
