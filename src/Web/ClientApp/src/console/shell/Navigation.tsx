import { useEffect, useRef } from 'preact/hooks';
import { mySelf } from '../account/me';
import { type Desk, onLink, type Route, writeRoute } from '../route';
import { mayManage } from '../session/phaseRules';
import { noFilter } from '../sessions/listFilter';
import { t } from '../text';
import { Icon } from './Icon';

/** Pages that stand under one word of the header; the first is where the word leads. */
const neighbours: readonly (readonly Desk[])[] = [
  ['students', 'groups', 'imports'],
  ['registrations', 'credits'],
  ['tests'],
  ['profiles'],
  ['mail'],
];

function deskRoute(desk: Desk): Route {
  return { page: 'desk', desk, query: {} };
}

/** The ways to the pages that this person may open: a row of words, or a menu where there is no room for them. */
export function Navigation({ at }: { at: Route }) {
  const menu = useRef<HTMLElement>(null);
  const address = writeRoute(at);
  useEffect(() => {
    if (menu.current?.matches(':popover-open')) menu.current.hidePopover();
  }, [address]);
  if (!mayManage(mySelf.value?.role ?? 'observer')) return null;
  const items = [
    { name: 'sessions' as const, to: { page: 'list', filter: noFilter } as Route, current: isSession(at) },
    ...neighbours.map((desks) => ({
      name: desks[0] as Desk,
      to: deskRoute(desks[0] as Desk),
      current: at.page === 'desk' && desks.includes(at.desk),
    })),
  ];
  const links = items.map(({ name, to, current }) => (
    <a
      key={name}
      href={writeRoute(to)}
      aria-current={current ? 'page' : undefined}
      data-testid={`nav-${name}`}
      onClick={(event) => onLink(event, to)}
    >
      {t(`nav.${name}`)}
    </a>
  ));
  return (
    <>
      <nav class="navigation" aria-label={t('nav.label')}>
        {links}
      </nav>
      <button
        class="iconButton navigationButton"
        type="button"
        popovertarget="navigation-menu"
        aria-label={t('nav.menu')}
        title={t('nav.menu')}
        data-testid="nav-menu"
      >
        <Icon name="menu" />
      </button>
      <nav
        class="menu navigationMenu"
        id="navigation-menu"
        popover="auto"
        aria-label={t('nav.label')}
        ref={menu}
      >
        {links}
      </nav>
    </>
  );
}

function isSession(at: Route): boolean {
  return at.page === 'list' || at.page === 'session';
}

/** The neighbours of a page as tabs above its heading; nothing where it has none. */
export function Neighbours({ desk }: { desk: Desk }) {
  const group = neighbours.find((desks) => desks.includes(desk)) ?? [];
  if (group.length < 2) return null;
  return (
    <nav class="neighbours" aria-label={t(`nav.${group[0] as Desk}`)}>
      {group.map((known) => (
        <a
          key={known}
          href={writeRoute(deskRoute(known))}
          aria-current={known === desk ? 'page' : undefined}
          onClick={(event) => onLink(event, deskRoute(known))}
        >
          {t(`nav.${known}`)}
        </a>
      ))}
    </nav>
  );
}
