import { describe, expect, it } from 'vitest';
import type { Problem } from '../shared/problems';
import type { JoinRequest, LobbySession } from '../shared/wire';
import { JoinForm } from './joinForm';
import { caretAfter, shownJoinId } from './joinId';
import type { LobbyApi } from './lobbyApi';
import { routeOf, routeOfPasted, routeOfReturn } from './route';

const plain: LobbySession = {
  name: 'Algebra',
  phase: 'lobbyOpen',
  opensAt: '2026-11-21T09:00:00.000Z',
  closesAt: '2026-11-21T11:00:00.000Z',
  timeZone: 'UTC',
  mode: 'inPerson',
  asksCode: false,
  guests: false,
  tests: [{ code: 'A', title: 'Algebra', kind: 'operational' }],
};

function build(session: Partial<LobbySession> = {}, path = '/join/K7QM3XPA') {
  const sent: { request: JoinRequest; key: string }[] = [];
  const refusals: Problem[] = [];
  const lookUps: (Problem | null)[] = [];
  const api: LobbyApi = {
    session: async () => {
      const problem = lookUps.shift();
      return problem ? { ok: false, problem } : { ok: true, value: { ...plain, ...session }, etag: null };
    },
    join: async (request, key) => {
      sent.push({ request, key });
      const problem = refusals.shift();
      const value = {
        entryId: 'e',
        token: 't',
        state: 'waiting' as const,
        sessionName: 'Algebra',
        device: 1,
      };
      return problem ? { ok: false, problem } : { ok: true, value, etag: null };
    },
    me: async () => ({ ok: false, problem: { code: 'offline', detail: '' } }),
    ticket: async () => ({ ok: false, problem: { code: 'offline', detail: '' } }),
    own: async () => ({ ok: false, problem: { code: 'offline', detail: '' } }),
    startOwn: async () => ({ ok: false, problem: { code: 'offline', detail: '' } }),
    practise: async () => ({ ok: false, problem: { code: 'offline', detail: '' } }),
  };
  return { form: new JoinForm(routeOf(path), api), sent, refusals, lookUps };
}

async function filled(...args: Parameters<typeof build>) {
  const world = build(...args);
  await world.form.lookUp();
  world.form.set('studentId', ' S-1 ');
  world.form.set('firstName', 'Maya');
  return world;
}

describe('the join form', () => {
  it('sends a ticket without asking for a test, and says by the field what is wrong with it', async () => {
    const tests = [
      { code: 'A', title: 'Algebra', kind: 'operational' as const },
      { code: 'B', title: 'Geometry', kind: 'operational' as const },
    ];
    const { form, sent, refusals } = build({ tests });
    await form.lookUp();
    form.chosen.value = 'ticket';
    expect(await form.submit()).toBeNull();
    expect(Object.keys(form.errors.value)).toEqual(['userId', 'password']);
    form.set('userId', 'abcd-efgh ');
    form.set('password', 'KLMNP-QRSTV');
    refusals.push({ code: 'ticketWrong', detail: '' }, { code: 'ticketOutdated', detail: '' });
    expect(await form.submit()).toBeNull();
    expect(form.errors.value.userId).toContain('do not belong together');
    expect(await form.submit()).toBeNull();
    expect(form.errors.value.password).toContain('new ticket');
    expect(await form.submit()).toMatchObject({ token: 't' });
    expect(sent[2]?.request).toEqual({ joinId: 'K7QM3XPA', userId: 'abcd-efgh', password: 'KLMNP-QRSTV' });
  });

  it('sends what was asked for, and no more', async () => {
    const { form, sent } = await filled();
    expect(await form.submit()).toMatchObject({ token: 't' });
    expect(sent[0]?.request).toEqual({ joinId: 'K7QM3XPA', studentId: 'S-1', firstName: 'Maya' });
  });

  it('sends link, guest name, code and test where the session asks for them', async () => {
    const tests = [...plain.tests, { code: 'B', title: 'B', kind: 'practice' as const }];
    const { form, sent } = await filled({ guests: true, asksCode: true, tests }, '/j/secret');
    form.chosen.value = 'guest';
    expect(await form.submit()).toBeNull();
    expect(Object.keys(form.errors.value)).toEqual(['guestName', 'code', 'testCode']);
    form.set('guestName', 'Max');
    form.set('code', 'owl');
    form.set('testCode', 'B');
    await form.submit();
    expect(sent[0]?.request).toEqual({ link: 'secret', guestName: 'Max', code: 'owl', testCode: 'B' });
  });

  it('says beside each field what is missing and asks nobody', async () => {
    const { form, sent } = build({}, '/join');
    expect(await form.submit()).toBeNull();
    expect(Object.keys(form.errors.value)).toEqual(['joinId', 'studentId', 'firstName']);
    expect(sent).toHaveLength(0);
  });

  it.each([
    [{ code: 'studentUnknown', detail: 'x' }, 'studentId'],
    [{ code: 'codeWrong', detail: 'x' }, 'code'],
    [{ code: 'guestsNotAllowed', detail: 'x' }, 'studentId'],
    [{ code: 'notFound', detail: 'x' }, 'joinId'],
    [{ code: 'invalid', detail: 'x', errors: { firstName: ['Too long.'] } }, 'firstName'],
  ] as [Problem, string][])('puts %o beside its field', async (problem, field) => {
    const { form, refusals } = await filled();
    refusals.push(problem);
    await form.submit();
    expect(Object.keys(form.errors.value)).toEqual([field]);
    expect(form.banner.value).toBeNull();
  });

  it('shows the server’s sentence for a code that it does not know', async () => {
    const { form, refusals } = await filled();
    refusals.push({ code: 'activeElsewhere', detail: 'You are in another session.' });
    await form.submit();
    expect(form.banner.value).toBe('You are in another session.');
  });

  it('waits as long as the throttle says', async () => {
    const { form, refusals } = await filled();
    refusals.push({ code: 'throttled', detail: '', retryAfterSeconds: 12 });
    await form.submit();
    expect(form.banner.value).toContain('12 seconds');
    expect(form.blockedUntil.value).toBeGreaterThan(Date.now() + 11_000);
  });

  it('keeps one idempotency key while no answer came, and takes another after one', async () => {
    const { form, sent, refusals } = await filled();
    refusals.push({ code: 'offline', detail: '' }, { code: 'studentUnknown', detail: '' });
    await form.submit();
    await form.submit();
    await form.submit();
    const keys = sent.map(({ key }) => key);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[1]);
  });

  it('says that a dead link is dead', async () => {
    const { form, lookUps } = build({}, '/j/old');
    lookUps.push({ code: 'notFound', detail: '' });
    await form.lookUp();
    expect(form.deadLink.value).toBe(true);
  });

  it('knows that a join ID has no look-alikes', async () => {
    const { form } = build({}, '/join');
    form.set('joinId', 'K7QM-3XP0');
    expect(form.errors.value.joinId).toContain('never has 0');
  });
});

describe('a join ID', () => {
  it.each([
    ['k7qm3xpa', 'K7QM-3XPA'],
    ['k7qm-3', 'K7QM-3'],
    [' K7QM 3XPA x', 'K7QM-3XPA'],
    ['k7qm-', 'K7QM'],
  ])('typed as %o is shown as %o', (typed, shown) => {
    expect(shownJoinId(typed)).toBe(shown);
  });

  it('keeps the caret behind the letter that was typed', () => {
    expect(caretAfter('K7QM-3XPA', 2)).toBe(2);
    expect(caretAfter('K7QM-3', 5)).toBe(6);
  });

  it('is found in the return address of a launch', () => {
    const back = encodeURIComponent('https://exam.example/join/K7QM-3XPA');
    expect(routeOfReturn(`https://delivery.example/start?x=1#entry=a.b.c&return=${back}`)).toEqual({
      kind: 'joinId',
      joinId: 'K7QM3XPA',
    });
    expect(routeOfReturn('https://delivery.example/#entry=a.b.c')).toBeNull();
  });

  it('is found in a pasted address', () => {
    expect(routeOfPasted('https://exam.example/join/K7QM-3XPA')).toEqual({
      kind: 'joinId',
      joinId: 'K7QM3XPA',
    });
    expect(routeOfPasted('exam /j/')).toBeNull();
    expect(routeOfPasted('https://exam.example/j/sEcret-1?x=1')).toEqual({ kind: 'link', link: 'sEcret-1' });
  });
});
