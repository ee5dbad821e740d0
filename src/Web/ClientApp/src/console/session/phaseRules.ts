import type { Role, SessionPhase } from '../../shared/wire';

/** What a person may do to the session as a whole. */
export type PhaseAction = 'open' | 'hold' | 'release' | 'stop' | 'reopen' | 'cancel';

const byPhase: Record<SessionPhase, readonly PhaseAction[]> = {
  scheduled: ['open', 'cancel'],
  lobbyOpen: ['open', 'cancel'],
  open: ['hold', 'stop'],
  held: ['release', 'stop'],
  draining: [],
  closed: ['reopen'],
  cancelled: [],
};

const roles: Record<PhaseAction, readonly Role[]> = {
  open: ['administrator', 'manager', 'proctor'],
  hold: ['administrator', 'manager', 'proctor'],
  release: ['administrator', 'manager', 'proctor'],
  stop: ['administrator', 'manager', 'proctor'],
  reopen: ['administrator'],
  cancel: ['administrator', 'manager'],
};

/** The actions to offer in this phase to this role; the server holds the rule, this only hides what it would refuse. */
export function actionsFor(phase: SessionPhase, role: Role): PhaseAction[] {
  return byPhase[phase].filter((action) => roles[action].includes(role));
}

/** Whether the role may decide about entries and send messages. Observers only look. */
export function maySteer(role: Role): boolean {
  return role !== 'observer';
}

/** Whether the role sees students, registrations and everything else that is prepared before the day. */
export function mayManage(role: Role): boolean {
  return role === 'administrator' || role === 'manager';
}

/** Whether the role may add tests to the catalogue. */
export function mayKeepTests(role: Role): boolean {
  return role === 'administrator' || role === 'manager';
}

/** Whether the role may create and edit sessions. */
export function mayArrange(role: Role): boolean {
  return role !== 'observer';
}

/** The next moment that the clock brings, or undefined when only a person can move the session on. */
export function nextMoment(session: {
  phase: SessionPhase;
  startMode: 'automatic' | 'manual';
  opensAt: string;
  closesAt: string;
  lobbyOpensAt: string;
  drainsUntil?: string | null;
}): { what: 'lobbyOpens' | 'opens' | 'mayOpen' | 'closes' | 'drained'; at: number } | undefined {
  switch (session.phase) {
    case 'scheduled':
      return { what: 'lobbyOpens', at: Date.parse(session.lobbyOpensAt) };
    case 'lobbyOpen':
      return { what: session.startMode === 'manual' ? 'mayOpen' : 'opens', at: Date.parse(session.opensAt) };
    case 'open':
    case 'held':
      return { what: 'closes', at: Date.parse(session.closesAt) };
    case 'draining':
      return session.drainsUntil ? { what: 'drained', at: Date.parse(session.drainsUntil) } : undefined;
    default:
      return undefined;
  }
}
