import { type HubConnection, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

/** A connection whose transport is negotiated: where a proxy blocks web sockets, another one is found. */
export function negotiatedConnection(url: string, accessToken: (() => string) | null): HubConnection {
  return new HubConnectionBuilder()
    .withUrl(url, {
      headers: { 'X-LiveProctor': '1' },
      ...(accessToken ? { accessTokenFactory: accessToken } : {}),
    })
    .configureLogging(LogLevel.None)
    .build();
}
