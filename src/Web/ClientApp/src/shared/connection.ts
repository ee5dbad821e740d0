import { HttpError, HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import type { HubLink, Transport } from './feedClient';

/**
 * One try at a hub connection. Web sockets without negotiation cost one round trip and need no sticky load
 * balancer; where a proxy blocks them, negotiation finds another transport and, unlike a failed web socket, tells
 * a refusal (401, 403) from an unreachable server.
 */
export function signalRLink(url: string, accessToken: (() => string) | null, transport: Transport): HubLink {
  const connection = new HubConnectionBuilder()
    .withUrl(url, {
      ...(transport === 'webSocket'
        ? { transport: HttpTransportType.WebSockets, skipNegotiation: true }
        : { headers: { 'X-LiveProctor': '1' } }),
      ...(accessToken ? { accessTokenFactory: accessToken } : {}),
    })
    .configureLogging(LogLevel.None)
    .build();
  connection.serverTimeoutInMilliseconds = 30_000;
  connection.keepAliveIntervalInMilliseconds = 10_000;
  return {
    start: () => connection.start(),
    stop: () => connection.stop(),
    invoke: (method, ...args) => connection.invoke(method, ...args),
    on: (method, handler) => connection.on(method, handler),
    onClose: (handler) => connection.onclose(handler),
  };
}

/** Whether starting failed because the server refused this caller, so that trying again is of no use. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof HttpError) return error.statusCode === 401 || error.statusCode === 403;
  return error instanceof Error && /Status code '(401|403)'/.test(error.message);
}
