// Staff, and pages of anything.

import type { Person } from './session';

export type Role = 'administrator' | 'manager' | 'proctor' | 'observer';

export interface StaffMe {
  id: string;
  name: string;
  email: string;
  role: Role;
  organisation: Person;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

/** Where somebody’s calendar program finds the feed; without one there is no address. */
export interface CalendarLink {
  url?: string;
}
