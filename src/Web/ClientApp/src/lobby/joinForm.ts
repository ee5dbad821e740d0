import { computed, signal } from '@preact/signals';
import { newIdempotencyKey } from '../shared/api';
import type { Problem } from '../shared/problems';
import type { JoinAnswer, JoinRequest, LobbySession, OwnTest } from '../shared/wire';
import { detailOf } from './detailOf';
import { bareJoinId, hasLookAlike } from './joinId';
import type { LobbyApi } from './lobbyApi';
import type { Route } from './route';
import { locale, t } from './text';
import { whenText } from './times';

export type Field =
  | 'joinId'
  | 'userId'
  | 'password'
  | 'studentId'
  | 'firstName'
  | 'guestName'
  | 'code'
  | 'testCode';
/** What a student shows: the session’s ticket, the school’s ID, or a name. */
export type Way = 'student' | 'ticket' | 'guest';
/** The order in which fields stand, and in which the first wrong one is looked for. */
export const fields: readonly Field[] = [
  'joinId',
  'userId',
  'password',
  'studentId',
  'firstName',
  'guestName',
  'code',
  'testCode',
];

type Errors = Partial<Record<Field, string>>;

/** What was typed, what is known of the session, and what is wrong: the join form without its looks. */
export class JoinForm {
  readonly values: Record<Field, ReturnType<typeof signal<string>>> = {
    joinId: signal(''),
    userId: signal(''),
    password: signal(''),
    studentId: signal(''),
    firstName: signal(''),
    guestName: signal(''),
    code: signal(''),
    testCode: signal(''),
  };
  readonly chosen = signal<Way>('student');
  readonly session = signal<LobbySession | null>(null);
  readonly errors = signal<Errors>({});
  /** What is wrong with the whole, in one sentence. */
  readonly banner = signal<string | null>(null);
  /** The link does not work, so only a join ID can help. */
  readonly deadLink = signal(false);
  /** The test that a ticket opens later, and how far the server's clock is ahead of this one. */
  readonly locked = signal<{ test: OwnTest; offset: number } | null>(null);
  readonly busy = signal<'lookingUp' | 'joining' | null>(null);
  /** Local milliseconds until which the server takes no further try. */
  readonly blockedUntil = signal(0);
  readonly way = computed<Way>(() =>
    this.chosen.value === 'guest' && !this.session.value?.guests ? 'student' : this.chosen.value,
  );
  readonly link: string | null;
  readonly #api: LobbyApi;
  #lookedUp = '';
  #last = { body: '', key: '' };

  constructor(route: Route, api: LobbyApi) {
    this.#api = api;
    this.link = route.kind === 'link' ? route.link : null;
    if (route.kind === 'joinId') this.values.joinId.value = route.joinId;
  }

  value(field: Field): string {
    return (this.values[field].value ?? '').trim();
  }

  set(field: Field, value: string): void {
    this.values[field].value = value;
    if (this.errors.value[field]) this.errors.value = { ...this.errors.value, [field]: undefined };
    if (field === 'joinId') void this.lookUp();
  }

  /** Asks for the session as soon as its ID is whole; what the form asks depends on it. */
  async lookUp(): Promise<void> {
    const joinId = bareJoinId(this.value('joinId'));
    const wanted = this.link ?? joinId;
    if (wanted === this.#lookedUp) return;
    this.session.value = null;
    this.banner.value = null;
    if (!this.link && joinId.length < 8) {
      this.#lookedUp = '';
      return;
    }
    if (!this.link && hasLookAlike(joinId)) {
      this.errors.value = { joinId: t('field.joinId.lookAlike') };
      return;
    }
    this.#lookedUp = wanted;
    this.busy.value = 'lookingUp';
    const answer = await this.#api.session(this.link ? { link: this.link } : { joinId });
    if (this.#lookedUp !== wanted) return;
    this.busy.value = null;
    if (answer.ok) {
      this.session.value = answer.value;
      const [only, ...others] = answer.value.tests;
      this.values.testCode.value = only && !others.length ? only.code : '';
    } else {
      this.#lookedUp = '';
      this.#show(answer.problem);
    }
  }

  /** Asks to join; null when refused, with the reasons in `errors` and `banner`. */
  async submit(): Promise<JoinAnswer | null> {
    if (this.busy.value === 'joining') return null;
    this.banner.value = null;
    this.errors.value = this.#missing();
    if (Object.keys(this.errors.value).length) return null;
    await this.lookUp();
    if (!this.session.value && (this.banner.value || Object.keys(this.errors.value).length)) return null;
    // The session may have said that it asks for more than was on the screen.
    this.errors.value = this.#missing();
    if (Object.keys(this.errors.value).length) return null;

    const request = this.#request();
    const body = JSON.stringify(request);
    if (body !== this.#last.body) this.#last = { body, key: newIdempotencyKey() };
    this.busy.value = 'joining';
    const answer = await this.#api.join(request, this.#last.key);
    this.busy.value = null;
    const unanswered = !answer.ok && ['offline', 'unreadable'].includes(answer.problem.code);
    if (!unanswered) this.#last = { body: '', key: '' };
    if (answer.ok) return answer.value;
    if (answer.problem.code === 'lobbyNotOpen' && this.way.value === 'ticket' && (await this.#lock()))
      return null;
    this.locked.value = null;
    this.#show(answer.problem);
    return null;
  }

  /** Too early for the lobby: shows the student's test with its countdown instead. */
  async #lock(): Promise<boolean> {
    const answer = await this.#api.ticket({
      ...(this.link ? { link: this.link } : { joinId: bareJoinId(this.value('joinId')) }),
      userId: this.value('userId'),
      password: this.value('password'),
    });
    const test = answer.ok ? answer.value.tests.find(({ state }) => state === 'locked') : undefined;
    if (!answer.ok || !test) return false;
    this.locked.value = { test, offset: Date.parse(answer.value.now) - Date.now() };
    return true;
  }

  #request(): JoinRequest {
    const { tests = [], asksCode } = this.session.value ?? {};
    return {
      ...(this.link ? { link: this.link } : { joinId: bareJoinId(this.value('joinId')) }),
      ...this.#who(),
      ...(asksCode ? { code: this.value('code') } : {}),
      ...(tests.length > 1 && this.way.value !== 'ticket' ? { testCode: this.value('testCode') } : {}),
    };
  }

  #who(): JoinRequest {
    switch (this.way.value) {
      case 'ticket':
        return { userId: this.value('userId'), password: this.value('password') };
      case 'guest':
        return { guestName: this.value('guestName') };
      case 'student':
        return { studentId: this.value('studentId'), firstName: this.value('firstName') };
    }
  }

  #missing(): Errors {
    const errors: Errors = {};
    const joinId = bareJoinId(this.value('joinId'));
    if (!this.link) {
      if (!joinId) errors.joinId = t('field.joinId.missing');
      else if (joinId.length < 8) errors.joinId = t('field.joinId.short');
      else if (hasLookAlike(joinId)) errors.joinId = t('field.joinId.lookAlike');
    }
    switch (this.way.value) {
      case 'ticket':
        if (!this.value('userId')) errors.userId = t('field.userId.missing');
        if (!this.value('password')) errors.password = t('field.password.missing');
        break;
      case 'guest':
        if (!this.value('guestName')) errors.guestName = t('field.guestName.missing');
        break;
      case 'student':
        if (!this.value('studentId')) errors.studentId = t('field.studentId.missing');
        if (!this.value('firstName')) errors.firstName = t('field.firstName.missing');
    }
    if (this.session.value?.asksCode && !this.value('code')) errors.code = t('field.code.missing');
    const choice = this.way.value !== 'ticket' && (this.session.value?.tests.length ?? 0) > 1;
    if (choice && !this.value('testCode')) {
      errors.testCode = t('field.test.missing');
    }
    return errors;
  }

  #show(problem: Problem): void {
    const errors: Errors = {};
    for (const [field, sentences] of Object.entries(problem.errors ?? {})) {
      // What the server says of a field is in English.
      const sentence = locale === 'en' ? sentences.join(' ') : detailOf(problem);
      if (isField(field)) errors[field] = sentence;
      else this.banner.value = sentence;
    }
    const seconds = problem.retryAfterSeconds;
    if (seconds) this.blockedUntil.value = Date.now() + seconds * 1000;
    this.errors.value = { ...errors, ...this.#fieldErrors(problem) };
    if (!Object.keys(this.errors.value).length) this.banner.value ??= this.#bannerOf(problem);
  }

  #fieldErrors({ code }: Problem): Errors {
    switch (code) {
      case 'notFound':
        return this.link ? {} : { joinId: t('field.joinId.notFound') };
      case 'studentUnknown':
        return { studentId: t('field.studentId.unknown') };
      case 'ticketWrong':
        return { userId: t('field.ticket.wrong') };
      case 'ticketOutdated':
        return { password: t('field.ticket.outdated') };
      case 'guestsNotAllowed':
        return { [this.way.value === 'guest' ? 'guestName' : 'studentId']: t('field.guests.notAllowed') };
      case 'codeRequired':
        return { code: t('field.code.missing') };
      case 'codeWrong':
        return { code: t('field.code.wrong') };
      case 'testChoiceRequired':
        return { testCode: t('field.test.missing') };
      default:
        return {};
    }
  }

  #bannerOf(problem: Problem): string {
    const session = this.session.value;
    if (problem.code === 'notFound') {
      this.deadLink.value = this.link !== null;
      return t('banner.linkNotFound');
    }
    if (problem.code === 'lobbyNotOpen' && session)
      return t('banner.lobbyNotOpen', { time: whenText(session.opensAt, session.timeZone, Date.now()) });
    return detailOf(problem);
  }
}

function isField(name: string): name is Field {
  return (fields as readonly string[]).includes(name);
}
