import { mySelf } from './account/me';
import { ImportsPage } from './imports/ImportsPage';
import { MailPage } from './mail/MailPage';
import { ProfilesPage } from './profiles/ProfilesPage';
import { CreditsPage } from './roster/CreditsPage';
import { GroupsPage } from './roster/GroupsPage';
import { RegistrationsPage } from './roster/RegistrationsPage';
import { StudentsPage } from './roster/StudentsPage';
import type { Desk, Query } from './route';
import { mayManage } from './session/phaseRules';
import { Icon } from './shell/Icon';
import { TestsPage } from './tests/TestsPage';
import { t } from './text';

const pages = {
  students: StudentsPage,
  groups: GroupsPage,
  registrations: RegistrationsPage,
  credits: CreditsPage,
  tests: TestsPage,
  profiles: ProfilesPage,
  imports: ImportsPage,
  mail: MailPage,
} as const;

/** One of the manager's pages; to anybody else it says that it is not theirs. */
export function DeskPage({ desk, query }: { desk: Desk; query: Query }) {
  if (!mayManage(mySelf.value?.role ?? 'observer'))
    return (
      <main class="page">
        <p class="notice warn" role="alert">
          <Icon name="lock" />
          {t('nav.notYours')}
        </p>
      </main>
    );
  const Page = pages[desk];
  return <Page query={query} />;
}
