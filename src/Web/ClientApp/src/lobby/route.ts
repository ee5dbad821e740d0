import { bareJoinId } from './joinId';

/** What the address says: a session by its join ID or the secret of a join link, a student's own page, or nothing yet. */
export type Route =
  | { kind: 'open' }
  | { kind: 'joinId'; joinId: string }
  | { kind: 'link'; link: string }
  | { kind: 'own'; secret: string };

export function routeOf(path: string): Route {
  const [first, second] = path.split('/').filter(Boolean).map(decode);
  if (first === 'j' && second) return { kind: 'link', link: second };
  if (first === 'my' && second) return { kind: 'own', secret: second };
  const joinId = first === 'join' && second ? bareJoinId(second) : '';
  return joinId ? { kind: 'joinId', joinId } : { kind: 'open' };
}

export function pathOf(route: Route): string {
  if (route.kind === 'link') return `/j/${encodeURIComponent(route.link)}`;
  if (route.kind === 'own') return `/my/${encodeURIComponent(route.secret)}`;
  return route.kind === 'joinId' ? `/join/${route.joinId}` : '/join';
}

/** An address pasted where a join ID is asked. */
export function routeOfPasted(text: string): Route | null {
  const path = /^\s*(?:https?:\/\/[^/\s]+)?(\/(?:join|j)\/[^\s?#]+)/i.exec(text)?.[1];
  const route = path ? routeOf(path) : null;
  return route?.kind === 'open' ? null : route;
}

/** Where a launch address says that the test leads back to, when that is a page of ours. */
export function routeOfReturn(launchUrl: string): Route | null {
  const back = new URLSearchParams(launchUrl.split('#')[1] ?? '').get('return');
  return back ? routeOfPasted(back) : null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
