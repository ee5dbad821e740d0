import type { CreateSession, Session, SessionMode, StartMode } from '../../shared/wire';
import { fromLocal, toLocal } from './zones';

/** The session form as it is being filled in: everything is what the person typed. */
export interface Draft {
  name: string;
  mode: SessionMode;
  startNow: boolean;
  /** Wall-clock times of `zone`. */
  opens: string;
  closes: string;
  zone: string;
  tests: readonly string[];
  code: string;
  capacity: string;
  startMode: StartMode;
  note: string;
}

const quarter = 15 * 60_000;
const usualLength = 2 * 3_600_000;
const longest = 90 * 86_400_000;

/** A form for a new session: it would open at the next quarter of an hour but one, for two hours. */
export function newDraft(now: number, zone: string): Draft {
  const opens = Math.ceil((now + quarter) / quarter) * quarter;
  return {
    name: '',
    mode: 'inPerson',
    startNow: true,
    opens: toLocal(opens, zone),
    closes: toLocal(opens + usualLength, zone),
    zone,
    tests: [],
    code: '',
    capacity: '',
    startMode: 'automatic',
    note: '',
  };
}

export function draftOf(session: Session): Draft {
  return {
    name: session.name,
    mode: session.mode,
    startNow: false,
    opens: toLocal(Date.parse(session.opensAt), session.timeZone),
    closes: toLocal(Date.parse(session.closesAt), session.timeZone),
    zone: session.timeZone,
    tests: session.tests.map(({ code }) => code),
    code: session.code ?? '',
    capacity: session.capacity ? String(session.capacity) : '',
    startMode: session.startMode,
    note: session.note ?? '',
  };
}

export type Mend =
  | 'nameMissing'
  | 'testsMissing'
  | 'unreadable'
  | 'backwards'
  | 'tooLong'
  | { skipped: string };

/** What must be mended before the server is asked, by field; the server checks everything again. */
export function mendsOf(draft: Draft): Partial<Record<'name' | 'opensAt' | 'closesAt' | 'tests', Mend>> {
  const mends: ReturnType<typeof mendsOf> = {};
  if (!draft.name.trim()) mends.name = 'nameMissing';
  if (draft.tests.length === 0) mends.tests = 'testsMissing';
  if (draft.startNow) return mends;
  const opens = fromLocal(draft.opens, draft.zone);
  const closes = fromLocal(draft.closes, draft.zone);
  if (opens.kind === 'unreadable') mends.opensAt = 'unreadable';
  if (opens.kind === 'skipped') mends.opensAt = { skipped: draft.opens.slice(11, 16) };
  if (closes.kind === 'unreadable') mends.closesAt = 'unreadable';
  else if (closes.kind === 'skipped') mends.closesAt = { skipped: draft.closes.slice(11, 16) };
  else if (opens.kind !== 'unreadable' && closes.at <= opens.at) mends.closesAt = 'backwards';
  else if (opens.kind !== 'unreadable' && closes.at - opens.at > longest) mends.closesAt = 'tooLong';
  return mends;
}

/** What the form asks of the server. Times that the form did not touch are sent as they were, to the millisecond. */
export function requestOf(draft: Draft, base?: Session): CreateSession {
  const was = base ? draftOf(base) : null;
  const at = (field: 'opens' | 'closes', original: string | undefined): string => {
    const untouched = was && original && was[field] === draft[field] && was.zone === draft.zone;
    if (untouched) return original;
    const read = fromLocal(draft[field], draft.zone);
    return read.kind === 'unreadable' ? '' : new Date(read.at).toISOString();
  };
  const capacity = draft.capacity.trim();
  return {
    name: draft.name.trim(),
    mode: draft.mode,
    timeZone: draft.zone,
    tests: [...draft.tests],
    startMode: draft.startMode,
    ...(draft.startNow
      ? { startNow: true }
      : { opensAt: at('opens', base?.opensAt), closesAt: at('closes', base?.closesAt) }),
    ...(draft.code.trim() ? { code: draft.code.trim() } : {}),
    ...(capacity ? { capacity: Number(capacity) } : {}),
    ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
    ...(base?.profileId ? { profileId: base.profileId } : {}),
    ...(base ? { proctors: base.proctors.map(({ id }) => id) } : {}),
  };
}

export type DraftField = Exclude<keyof Draft, 'startNow'>;

/** What someone else changed between two versions of a session, beside what this form holds now. */
export function changedSince(
  base: Session,
  current: Session,
  mine: Draft,
): { field: DraftField; theirs: string; yours: string }[] {
  const before = draftOf(base);
  const after = draftOf(current);
  const fields = Object.keys(before).filter((field) => field !== 'startNow') as DraftField[];
  const shown = (value: Draft[DraftField]) => (typeof value === 'string' ? value : value.join(', '));
  return fields
    .filter((field) => shown(before[field]) !== shown(after[field]))
    .map((field) => ({ field, theirs: shown(after[field]), yours: shown(mine[field]) }));
}
