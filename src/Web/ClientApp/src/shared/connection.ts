import {
  HttpError,
  HubConnection,
  type IHubProtocol,
  type ILogger,
  JsonHubProtocol,
  NullLogger,
} from '@microsoft/signalr';
import type { HubLink, Transport } from './feedClient';
import { type Connection, WebSocketConnection } from './webSocketConnection';

/** How the library's builder makes a hub connection; its declaration leaves it out. */
const { create } = HubConnection as unknown as {
  create(connection: Connection, logger: ILogger, protocol: IHubProtocol): HubConnection;
};

/**
 * One try at a hub connection. Web sockets without negotiation cost one round trip and need no sticky load
 * balancer; where a proxy blocks them, negotiation finds another transport and, unlike a failed web socket, tells
 * a refusal (401, 403) from an unreachable server. What negotiates is fetched when it is first needed.
 */
export function signalRLink(url: string, accessToken: (() => string) | null, transport: Transport): HubLink {
  const handlers: [string, (argument: never) => void][] = [];
  const closed: ((error?: Error) => void)[] = [];
  let connection: HubConnection | null = null;
  let stopped = false;
  return {
    start: async () => {
      const made =
        transport === 'webSocket'
          ? create(new WebSocketConnection(url, accessToken), NullLogger.instance, new JsonHubProtocol())
          : (await negotiation()).negotiatedConnection(url, accessToken);
      if (stopped) throw new Error('Stopped before it started.');
      connection = made;
      made.serverTimeoutInMilliseconds = 30_000;
      made.keepAliveIntervalInMilliseconds = 10_000;
      for (const [method, handler] of handlers) made.on(method, handler);
      for (const handler of closed) made.onclose(handler);
      await made.start();
    },
    stop: async () => {
      stopped = true;
      await connection?.stop();
    },
    invoke: (method, ...args) =>
      connection ? connection.invoke(method, ...args) : Promise.reject(new Error('Not started.')),
    on: (method, handler) => void handlers.push([method, handler]),
    onClose: (handler) => void closed.push(handler),
  };
}

/** Browsers may remember for ever that a script could not be fetched, so it is asked for only once the server answers. */
async function negotiation() {
  await fetch('/api/v1/time', { cache: 'no-store' });
  return import('./negotiated');
}

/** Whether starting failed because the server refused this caller, so that trying again is of no use. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof HttpError) return error.statusCode === 401 || error.statusCode === 403;
  return error instanceof Error && /Status code '(401|403)'/.test(error.message);
}
