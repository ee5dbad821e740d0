import type { CreateSession, Session, SessionMode, StartMode } from '../../shared/wire';
import { entered, readTime, toLocal } from './zones';

/** The session form as it is being filled in: everything is what the person typed. */
export interface Draft {
  name: string;
  mode: SessionMode;
  startNow: boolean;
  /** As typed: wall-clock times of `zone`, or instants with an offset of their own. */
  opens: string;
  closes: string;
  zone: string;
  tests: readonly string[];
  code: string;
  capacity: string;
  startMode: StartMode;
  note: string;
  /** Staff ids, the lead first. */
  proctors: readonly string[];
  /** Empty for the organisation's default. */
  profileId: string;
  /** Empty to leave it as it is, or to have one made. */
  password: string;
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
    opens: entered(toLocal(opens, zone)),
    closes: entered(toLocal(opens + usualLength, zone)),
    zone,
    tests: [],
    code: '',
    capacity: '',
    startMode: 'automatic',
    note: '',
    proctors: [],
    profileId: '',
    password: '',
  };
}

export function draftOf(session: Session): Draft {
  return {
    name: session.name,
    mode: session.mode,
    startNow: false,
    opens: entered(toLocal(Date.parse(session.opensAt), session.timeZone)),
    closes: entered(toLocal(Date.parse(session.closesAt), session.timeZone)),
    zone: session.timeZone,
    tests: session.tests.map(({ code }) => code),
    code: session.code ?? '',
    capacity: session.capacity ? String(session.capacity) : '',
    startMode: session.startMode,
    note: session.note ?? '',
    proctors: session.proctors.map(({ id }) => id),
    profileId: session.profileId ?? '',
    password: '',
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
  const opens = readTime(draft.opens, draft.zone);
  const closes = readTime(draft.closes, draft.zone);
  if (opens.kind === 'unreadable') mends.opensAt = 'unreadable';
  if (opens.kind === 'skipped') mends.opensAt = { skipped: timeIn(draft.opens) };
  if (closes.kind === 'unreadable') mends.closesAt = 'unreadable';
  else if (closes.kind === 'skipped') mends.closesAt = { skipped: timeIn(draft.closes) };
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
    const read = readTime(draft[field], draft.zone);
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
    ...(draft.profileId ? { profileId: draft.profileId } : {}),
    ...(base || draft.proctors.length > 0 ? { proctors: [...draft.proctors] } : {}),
    ...(draft.password.trim() ? { password: draft.password.trim() } : {}),
  };
}

/** The time of day in what was typed. */
export function timeIn(text: string): string {
  return /\d{1,2}:\d\d/.exec(text)?.[0] ?? text;
}

/** A form for a session like another, at the same time of the same weekday in the first week to come. */
export function duplicateOf(session: Session, name: string, now: number): Draft {
  const draft = draftOf(session);
  const zone = session.timeZone;
  const later = (at: string, days: number) => {
    const local = Date.parse(`${toLocal(Date.parse(at), zone)}Z`) + days * 86_400_000;
    return new Date(local).toISOString().slice(0, 16);
  };
  const isPast = (days: number) => {
    const read = readTime(later(session.opensAt, days), zone);
    return read.kind !== 'unreadable' && read.at <= now;
  };
  let days = 7;
  while (isPast(days)) days += 7;
  return {
    ...draft,
    name,
    opens: entered(later(session.opensAt, days)),
    closes: entered(later(session.closesAt, days)),
  };
}

/** What two people can change at the same time. The password is not among them: it is never shown in a form. */
export type DraftField = Exclude<keyof Draft, 'startNow' | 'password'>;

/** One field that somebody else changed while it stood in this form. */
export interface FieldChange {
  field: DraftField;
  theirs: Draft[DraftField];
  yours: Draft[DraftField];
  /** False when this form left it alone, so that there is nothing to choose. */
  touched: boolean;
}

/** What someone else changed between two versions of a session, beside what this form holds now. */
export function changedSince(base: Session, current: Session, mine: Draft): FieldChange[] {
  const before = draftOf(base);
  const after = draftOf(current);
  const fields = Object.keys(before).filter(
    (field) => field !== 'startNow' && field !== 'password',
  ) as DraftField[];
  const text = (value: Draft[DraftField]) => JSON.stringify(value);
  return fields
    .filter((field) => text(before[field]) !== text(after[field]) && text(after[field]) !== text(mine[field]))
    .map((field) => ({
      field,
      theirs: after[field],
      yours: mine[field],
      touched: text(before[field]) !== text(mine[field]),
    }));
}

/** This form on top of the current version: their value for each field named, and for each that this form left alone. */
export function settled(base: Session, current: Session, mine: Draft, take: ReadonlySet<DraftField>): Draft {
  const after = draftOf(current);
  const theirs = changedSince(base, current, mine).filter(
    ({ field, touched }) => !touched || take.has(field),
  );
  return Object.assign({ ...mine }, ...theirs.map(({ field }) => ({ [field]: after[field] })));
}
