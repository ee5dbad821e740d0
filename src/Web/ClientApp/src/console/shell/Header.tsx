import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { CalendarDialog } from '../account/CalendarDialog';
import { mySelf, signOut } from '../account/me';
import { PasswordDialog } from '../account/PasswordDialog';
import { client } from '../hub';
import { go, onLink, type Route } from '../route';
import { noFilter } from '../sessions/listFilter';
import { t } from '../text';
import { Icon } from './Icon';
import { Mark } from './Mark';
import { Navigation } from './Navigation';
import { ThemeToggle } from './ThemeToggle';

export function Header({ at }: { at: Route }) {
  const who = mySelf.value;
  const changing = useSignal(false);
  const calendar = useSignal(false);
  const menu = useRef<HTMLDivElement>(null);
  if (!who) return null;
  const list = { page: 'list', filter: noFilter } as const;

  return (
    <header class="bar">
      <a href="/" class="home" onClick={(event) => onLink(event, list)}>
        <Mark />
      </a>
      <Navigation at={at} />
      <span class="organisation">{who.organisation.name}</span>
      <span class="barEnd">
        <ConnectionLight />
        <ThemeToggle />
        <button class="button plain account" type="button" popovertarget="account-menu" data-testid="account">
          <Icon name="person" />
          <span class="accountName">{who.name}</span>
          <Icon name="down" />
        </button>
      </span>
      <div class="menu accountMenu" id="account-menu" popover="auto" ref={menu}>
        <div class="menuHead">
          <strong>{who.name}</strong>
          <span class="muted">{who.email}</span>
          <span class="muted">
            {t(`role.${who.role}`)}, {who.organisation.name}
          </span>
        </div>
        <button
          type="button"
          onClick={() => {
            menu.current?.hidePopover();
            changing.value = true;
          }}
        >
          <Icon name="key" />
          {t('account.changePassword')}
        </button>
        <button
          type="button"
          data-testid="calendar-feed"
          onClick={() => {
            menu.current?.hidePopover();
            calendar.value = true;
          }}
        >
          <Icon name="calendar" />
          {t('calendarFeed.title')}
        </button>
        <button
          type="button"
          data-testid="sign-out"
          onClick={async () => {
            await signOut();
            go(list, true);
          }}
        >
          <Icon name="leave" />
          {t('account.signOut')}
        </button>
      </div>
      {calendar.value && (
        <CalendarDialog
          onClose={() => {
            calendar.value = false;
          }}
        />
      )}
      {changing.value && (
        <PasswordDialog
          onClose={() => {
            changing.value = false;
          }}
        />
      )}
    </header>
  );
}

function ConnectionLight() {
  const state = client.connection.value;
  const live = state === 'connected';
  const text = live
    ? t('connection.live')
    : state === 'connecting'
      ? t('connection.connecting')
      : t('connection.reconnecting');
  return (
    <span class={`badge bare ${live ? 'ok' : 'warn'}`} data-testid="connection" data-connection={state}>
      <Icon name={live ? 'dotFull' : 'dotHalf'} />
      <span class="connectionWord">{text}</span>
    </span>
  );
}
