import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketConnection } from './webSocketConnection';

class FakeSocket {
  static readonly OPEN = 1;
  static last: FakeSocket;
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null;
  readonly url: string;

  constructor(url: URL) {
    this.url = url.href;
    FakeSocket.last = this;
  }

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  send(data: string) {
    this.sent.push(data);
  }

  close() {
    this.readyState = 3;
  }
}

beforeEach(() => {
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('location', { href: 'https://school.example/join' });
});
afterEach(() => vi.unstubAllGlobals());

const lost = { code: 1006, reason: '', wasClean: false };

async function opened() {
  const connection = new WebSocketConnection('/hubs/lobby', () => 'a+b');
  const closed = vi.fn<(error?: Error) => void>();
  connection.onclose = closed;
  const started = connection.start();
  FakeSocket.last.open();
  await started;
  return { connection, closed, socket: FakeSocket.last };
}

describe('a web socket without negotiation', () => {
  it('goes to the page’s own host with the token', async () => {
    const { socket, connection } = await opened();
    expect(socket.url).toBe('wss://school.example/hubs/lobby?access_token=a%2Bb');
    await connection.send('{}');
    expect(socket.sent).toEqual(['{}']);
  });

  it('fails to start when it closes before it opened, and does not say that it closed', async () => {
    const connection = new WebSocketConnection('/hubs/lobby', null);
    connection.onclose = vi.fn();
    const started = connection.start();
    FakeSocket.last.onclose?.(lost);
    await expect(started).rejects.toThrow('1006');
    expect(connection.onclose).not.toHaveBeenCalled();
  });

  it('gives up a start that is stopped', async () => {
    const connection = new WebSocketConnection('/hubs/lobby', null);
    const started = connection.start();
    await connection.stop();
    await expect(started).rejects.toThrow('stopped');
    expect(FakeSocket.last.readyState).toBe(3);
  });

  it('says once that it closed, whoever closed it', async () => {
    const { connection, closed, socket } = await opened();
    const late = socket.onclose;
    await connection.stop();
    late?.(lost);
    expect(closed.mock.calls).toEqual([[undefined]]);
    await expect(connection.send('x')).rejects.toThrow();

    const other = await opened();
    other.socket.onclose?.(lost);
    expect(other.closed.mock.calls[0]?.[0]).toBeInstanceOf(Error);
  });
});
