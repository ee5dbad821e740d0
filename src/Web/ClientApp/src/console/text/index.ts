import { createText, locale } from '../../shared/text';
import { en } from './en';
import { activity } from './en.activity';
import { room } from './en.room';
import { sessions } from './en.sessions';
import { students } from './en.students';

/** Every text of the proctor's console. */
export const t = createText({ ...en, ...sessions, ...room, ...students, ...activity }, locale);
