// How long until a console shows a session's first rows: node screen.mjs <address> <session> <e-mail> <password>
// Prints seconds from the start of the navigation to the first row that is painted, as the page itself sees it; the median of three, the page's files cached
// as after a first visit. Chromium is spoken to by its own protocol with its network events off: the tools that watch them are sent a copy of every message,
// which for a snapshot of five megabytes takes longer than showing it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import WebSocket from 'ws';
import { executable, flags } from './browser.mjs';

const [, , address, session, email, password] = process.argv;

// Runs in the page before its own code: the promise is kept when the first row has been painted.
const watch = `window.firstRow = new Promise((shown) => {
  const isRow = (element) => element.textContent.includes('Ada') && element.getClientRects().length > 0;
  const painted = () => setTimeout(() => shown(performance.now()));
  const look = () => requestAnimationFrame([...document.querySelectorAll('tr, li')].some(isRow) ? painted : look);
  look();
});`;

const profile = await mkdtemp(`${tmpdir()}/screen-`);
const browser = spawn(executable, ['--headless', '--remote-debugging-port=0', '--window-size=1280,800', `--user-data-dir=${profile}`, ...flags, 'about:blank'], {
  stdio: ['ignore', 'ignore', 'pipe'],
});
const ended = new Promise((done) => browser.once('exit', done));
try {
  const { call, once, close } = await connect(await endpoint(browser));
  const first = await newPage();
  await first.open(address);
  const body = JSON.stringify(JSON.stringify({ email, password }));
  const status = await first.evaluate(
    `fetch('/api/v1/account/sign-in', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-LiveProctor': '1' }, body: ${body} }).then((answer) => answer.status)`,
  );
  if (status >= 300) throw new Error(`sign-in: ${status}`);
  const seconds = [];
  for (let time = 0; time < 4; time += 1) {
    const page = await newPage();
    await page.open(`${address}/?session=${session}`);
    const shown = (await page.evaluate('window.firstRow')) / 1000;
    if (time > 0) seconds.push(shown);
    await page.close();
  }
  seconds.sort((a, b) => a - b);
  process.stdout.write(`${seconds[1]}\n`);
  close();

  async function newPage() {
    const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
    await call('Page.enable', {}, sessionId);
    await call('Page.addScriptToEvaluateOnNewDocument', { source: watch }, sessionId);
    return {
      async open(url) {
        const loaded = once('Page.loadEventFired', sessionId);
        await call('Page.navigate', { url }, sessionId);
        await loaded;
      },
      async evaluate(expression) {
        const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
        if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
        return result.value;
      },
      close: () => call('Target.closeTarget', { targetId }),
    };
  }
} finally {
  browser.kill();
  await ended;
  await rm(profile, { recursive: true, force: true });
}

// Where the browser's protocol is spoken, as it says itself.
function endpoint(chromium) {
  return new Promise((found, fail) => {
    let said = '';
    chromium.stderr.on('data', (text) => {
      said += text;
      const [, url] = /listening on (ws:\S+)/.exec(said) ?? [];
      if (url) found(url);
    });
    chromium.once('exit', () => fail(new Error(`Chromium ended: ${said}`)));
  });
}

async function connect(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const calls = new Map();
  const awaited = new Map();
  await new Promise((open, fail) => socket.once('open', open).once('error', fail));
  socket.on('message', (text) => {
    const { id, error, result, method, sessionId } = JSON.parse(text);
    if (!id) {
      awaited.get(`${sessionId} ${method}`)?.();
    } else if (error) {
      calls.get(id).fail(new Error(error.message));
    } else {
      calls.get(id).done(result);
    }
  });
  let last = 0;
  return {
    call: (method, params = {}, sessionId = undefined) =>
      new Promise((done, fail) => {
        last += 1;
        calls.set(last, { done, fail });
        socket.send(JSON.stringify({ id: last, method, params, sessionId }));
      }),
    once: (method, sessionId) => new Promise((happened) => awaited.set(`${sessionId} ${method}`, happened)),
    close: () => socket.close(),
  };
}
