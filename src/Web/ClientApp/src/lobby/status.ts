import type { Lobby, Me } from '../shared/wire';

export type StatusKind =
  | 'connecting'
  | 'waiting'
  | 'approved'
  | 'approvedManual'
  | 'opening'
  | 'held'
  | 'denied'
  | 'deniedForGood'
  | 'withdrawn'
  | 'entering'
  | 'testing'
  | 'paused'
  | 'atSeal'
  | 'interrupted'
  | 'submitted'
  | 'terminated'
  | 'noShow'
  | 'expired'
  | 'moved'
  | 'removed'
  | 'cancelled'
  | 'takenOver'
  | 'gone';

export type Tone = 'accent' | 'ok' | 'warn' | 'bad' | 'quiet';

/** Ended for this page: `takenOver` by another device, `gone` when the server no longer knows the token. */
export type Ended = 'takenOver' | 'gone' | null;

const beforeTest = new Set(['waiting', 'approved', 'denied', 'withdrawn', 'entering']);
const running = new Set(['testing', 'paused', 'atSeal', 'interrupted']);

/** The one thing that the student's page says of a student's place. Pure. */
export function statusOf(me: Me | null, lobby: Lobby | null, ended: Ended): StatusKind {
  if (ended) return ended;
  if (!me || !lobby) return 'connecting';
  const { state } = me;
  if (lobby.phase === 'cancelled' && beforeTest.has(state)) return 'cancelled';
  if (lobby.phase === 'held' && (state === 'approved' || state === 'entering' || running.has(state)))
    return 'held';
  if (state === 'denied') return me.mayAskAgain ? 'denied' : 'deniedForGood';
  if (state === 'approved') {
    if (lobby.phase === 'open') return 'opening';
    return lobby.startMode === 'manual' ? 'approvedManual' : 'approved';
  }
  return state;
}

export const tones: Record<StatusKind, Tone> = {
  connecting: 'quiet',
  waiting: 'accent',
  approved: 'ok',
  approvedManual: 'ok',
  opening: 'ok',
  held: 'warn',
  denied: 'bad',
  deniedForGood: 'bad',
  withdrawn: 'quiet',
  entering: 'ok',
  testing: 'ok',
  paused: 'warn',
  atSeal: 'warn',
  interrupted: 'warn',
  submitted: 'ok',
  terminated: 'bad',
  noShow: 'quiet',
  expired: 'quiet',
  moved: 'quiet',
  removed: 'quiet',
  cancelled: 'quiet',
  takenOver: 'warn',
  gone: 'warn',
};

/** Whether the student still has a place: may raise a hand, write, and hopes for something. */
export function isLive(kind: StatusKind): boolean {
  return !over.has(kind);
}

const over = new Set<StatusKind>([
  'submitted',
  'terminated',
  'noShow',
  'expired',
  'moved',
  'removed',
  'cancelled',
  'takenOver',
  'gone',
]);

/** The way through the lobby, as far as it is shown: asked, let in, test open. */
export type Step = 'done' | 'now' | 'later';

export function stepsOf(kind: StatusKind): [Step, Step, Step] | null {
  switch (kind) {
    case 'waiting':
      return ['done', 'now', 'later'];
    case 'approved':
    case 'approvedManual':
    case 'opening':
      return ['done', 'done', 'now'];
    default:
      return null;
  }
}
