// Students on the official JavaScript client: each joins, waits in the lobby, and once let in takes the practice test
// in its delivery system. Prints one JSON object a line for whatever a test may want to know.
//
// node students.mjs <folder of the pages' packages> <JSON of the plan>
//   plan: { hub, students: [{ name, join: {…} }], takeTest: true, answerMs: 40 }
import { createRequire } from 'node:module';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

const [, , packages, planText] = process.argv;
const { HubConnectionBuilder, HttpTransportType, LogLevel } = createRequire(join(packages, 'package.json'))('@microsoft/signalr');
const plan = JSON.parse(planText);

const say = (student, event, more = {}) => process.stdout.write(`${JSON.stringify({ student, event, ...more })}\n`);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// A lost answer is asked for again under the same key, until the hub has said yes or no.
async function post(url, body, headers = {}) {
  const key = randomUUID();
  for (let wait = 100; ; wait = Math.min(wait * 2, 1500)) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...headers },
        body: JSON.stringify(body),
      });
      if (response.status < 500) {
        return { status: response.status, headers: response.headers, body: await response.json().catch(() => ({})) };
      }
    } catch {
      // Nobody answered.
    }
    await pause(wait + Math.random() * wait);
  }
}

class Feed {
  constructor(student, name) {
    this.student = student;
    this.name = name;
    this.position = null;
    this.state = null;
    this.following = false;
    this.applied = 0;
    this.wrong = 0;
  }

  async follow() {
    if (this.following) return;
    this.following = true;
    const held = [];
    this.held = held;
    try {
      const answer = await this.student.connection.invoke('Follow', this.name, this.position);
      if (answer.snapshot) this.state = answer.snapshot[this.name];
      for (const event of answer.events) this.take(event);
      this.position = { epoch: answer.epoch, seq: answer.seq };
    } finally {
      this.following = false;
      this.held = null;
    }
    for (const batch of held) await this.batch(batch);
    this.student.look();
  }

  take(event) {
    this.state = event.data[this.name] ?? this.state;
    this.applied += 1;
  }

  async batch({ epoch, events }) {
    if (this.held) {
      this.held.push({ epoch, events });
      return;
    }
    for (const event of events) {
      if (epoch !== this.position.epoch || event.seq > this.position.seq + 1) {
        this.wrong += 1;
        await this.follow();
        return;
      }
      if (event.seq <= this.position.seq) continue;
      this.take(event);
      this.position = { epoch, seq: event.seq };
    }
    this.student.look();
  }
}

class Student {
  constructor({ name, join: how }) {
    this.name = name;
    this.how = how;
    this.seen = '';
    this.admitted = false;
    this.finished = new Promise((done) => { this.finish = done; });
  }

  async run() {
    const joined = await post(`${plan.hub}/api/v1/lobby/join`, this.how);
    if (joined.status !== 201) {
      say(this.name, 'refused', { status: joined.status, problem: joined.body });
      return;
    }
    this.entry = joined.body;
    say(this.name, 'joined', { entryId: this.entry.entryId, state: this.entry.state });
    this.lobby = new Feed(this, 'lobby');
    this.me = new Feed(this, 'me');
    this.connection = new HubConnectionBuilder()
      .withUrl(`${plan.hub}/hubs/lobby`, {
        accessTokenFactory: () => this.entry.token, skipNegotiation: true, transport: HttpTransportType.WebSockets,
      })
      .configureLogging(LogLevel.None)
      .build();
    this.connection.on('Feed', (message) => (message.feed === 'lobby' ? this.lobby : this.me).batch(message));
    this.connection.on('Head', () => {});
    this.connection.on('Presence', () => {});
    this.connection.onclose(() => this.connect());
    this.pings = setInterval(() => this.connection.state === 'Connected' && this.connection.invoke('Ping').catch(() => {}), 3000);
    await this.connect();
    await this.finished;
  }

  // A connection that is lost while it is followed reports both: one loop at a time brings it back.
  async connect() {
    if (this.connecting) return;
    this.connecting = true;
    for (let wait = 200; !this.over; wait = Math.min(wait * 2, 2000)) {
      try {
        await this.connection.start();
        await this.lobby.follow();
        await this.me.follow();
        this.connecting = false;
        if (this.connection.state === 'Connected') return;
        this.connecting = true;
      } catch {
        if (this.connection.state !== 'Disconnected') await this.connection.stop().catch(() => {});
        await pause(wait + Math.random() * wait);
      }
    }
  }

  look() {
    const me = this.me.state;
    const lobby = this.lobby.state;
    if (!me || !lobby) return;
    const now = `${me.state}/${lobby.phase}/${lobby.opensAt}`;
    if (now !== this.seen) {
      this.seen = now;
      say(this.name, 'sees', { state: me.state, phase: lobby.phase, opensAt: lobby.opensAt, version: me.version, by: me.reason ?? null });
    }
    if (me.state === 'approved' && lobby.phase === 'open' && !this.admitted && plan.takeTest) {
      this.admitted = true;
      this.enter().catch((error) => { this.admitted = false; say(this.name, 'stumbled', { message: String(error.message ?? error) }); });
    }
    if (['submitted', 'terminated', 'noShow', 'expired'].includes(me.state)) {
      say(this.name, 'ended', { state: me.state, gaps: this.lobby.wrong + this.me.wrong });
      this.over = true;
      clearInterval(this.pings);
      this.connection.stop().catch(() => {});
      this.finish();
    }
  }

  async enter() {
    await pause(Math.random() * lobbyJitter(this.lobby.state));
    const pass = await this.connection.invoke('EntryToken');
    say(this.name, 'admitted');
    const launch = new URL(pass.launchUrl);
    const fragment = new URLSearchParams(launch.hash.slice(1));
    const start = await post(`${launch.origin}/api/start`, { token: fragment.get('entry'), return: fragment.get('return') });
    if (start.status >= 400) throw new Error(`start: ${JSON.stringify(start.body)}`);
    const cookie = start.headers.getSetCookie().map((text) => text.split(';')[0]).join('; ');
    for (let question = 1; question <= 10; question += 1) {
      await this.test(`${launch.origin}/api/answer`, { question, answer: 'A' }, cookie);
      await pause(plan.answerMs ?? 40);
    }
    await this.test(`${launch.origin}/api/submit`, {}, cookie);
    say(this.name, 'handedIn');
  }

  // A paused test takes answers again when it is resumed.
  async test(url, body, cookie) {
    for (;;) {
      const answer = await post(url, body, { Cookie: cookie });
      if (answer.status < 400) return;
      if (answer.body.code !== 'notRunning') throw new Error(`${url}: ${JSON.stringify(answer.body)}`);
      await pause(250);
    }
  }
}

const lobbyJitter = (lobby) => Math.min(lobby?.admitJitterMilliseconds ?? 0, plan.jitterMs ?? 2000);

// A handshake that a dying server refuses is also thrown where nobody can catch it; starting again is what helps.
process.on('uncaughtException', (error) => say('-', 'library', { message: String(error.message) }));

await Promise.all(plan.students.map((student) => new Student(student).run()));
process.exit(0);
