import { createText, locale } from '../../shared/text';
import { en } from './en';
import { activity } from './en.activity';
import { imports } from './en.imports';
import { mail } from './en.mail';
import { navigation } from './en.navigation';
import { people } from './en.people';
import { print } from './en.print';
import { profiles } from './en.profiles';
import { room } from './en.room';
import { sessions } from './en.sessions';
import { students } from './en.students';

/** Every text of the proctor's console. */
export const t = createText(
  {
    ...en,
    ...navigation,
    ...sessions,
    ...room,
    ...students,
    ...activity,
    ...people,
    ...profiles,
    ...imports,
    ...mail,
    ...print,
  },
  locale,
);
