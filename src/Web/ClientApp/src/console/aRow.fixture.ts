import type { EntryRow, Session } from '../shared/wire';

/** A row as tests need it: one that waits, with whatever matters changed. */
export function aRow(id: string, change: Partial<EntryRow> = {}): EntryRow {
  return {
    id,
    version: 1,
    arrival: Number(id.replace(/\D/g, '')) || 1,
    attempt: 1,
    state: 'waiting',
    stateSince: '2026-11-21T09:00:00.000Z',
    arrivedAt: '2026-11-21T09:00:00.000Z',
    wayIn: 'joinId',
    student: { givenName: 'Ana', familyName: `Student ${id}`, externalId: `S${id}` },
    guest: false,
    simulated: false,
    testCode: 'MATH8',
    testTitle: 'Mathematics',
    flags: [],
    device: 1,
    settings: {},
    allowedSeconds: 3600,
    usedSeconds: 0,
    pausedSeconds: 0,
    handRaised: false,
    messages: [],
    ...change,
  };
}

export function aSession(change: Partial<Session> = {}): Session {
  return {
    id: 's1',
    name: 'Grade 8',
    mode: 'inPerson',
    timeZone: 'Europe/Madrid',
    opensAt: '2026-11-21T09:00:00.123Z',
    closesAt: '2026-11-21T11:00:00.000Z',
    lobbyOpensAt: '2026-11-21T08:30:00.000Z',
    phase: 'open',
    phaseSince: '2026-11-21T09:00:00.000Z',
    scheduleVersion: 1,
    version: 3,
    joinId: 'K7QM-3XPA',
    password: 'x',
    startMode: 'automatic',
    tests: [
      { code: 'MATH8', title: 'Mathematics', kind: 'operational', minutes: 60, proctored: true, sealed: [] },
    ],
    proctors: [{ id: 'p1', name: 'Ana', lead: true }],
    profile: {
      lobbyLeadMinutes: 30,
      closeRule: 'finish',
      graceMinutes: 240,
      autoAdmit: false,
      studentMayPause: false,
      pauseLimitMinutes: 20,
      idleMinutes: 20,
      admitJitterMilliseconds: 2000,
    },
    simulated: false,
    createdAt: '2026-11-21T08:00:00.000Z',
    ...change,
  };
}
