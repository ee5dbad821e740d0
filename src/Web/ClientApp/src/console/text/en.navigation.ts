/** The header's ways to the pages, and the ways between neighbouring pages. */
export const navigation = {
  'nav.label': 'Pages',
  'nav.menu': 'Menu',
  'nav.sessions': 'Sessions',
  'nav.students': 'Students',
  'nav.groups': 'Groups',
  'nav.registrations': 'Registrations',
  'nav.credits': 'Credits',
  'nav.tests': 'Tests',
  'nav.profiles': 'Profiles',
  'nav.imports': 'Imports',
  'nav.mail': 'Mail',
  'nav.notYours': 'This page is for managers and administrators.',
} as const;
