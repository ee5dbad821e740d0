// One student on the official JavaScript client: node official.mjs <address> <token>
// Prints, when its input ends, what was pushed to it: one line of JSON, an array of {seq, kind, data, at} by feed, `at` in Unix milliseconds.
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const [, , address, token] = process.argv;
const seen = { lobby: [], me: [] };
const connection = new HubConnectionBuilder()
  .withUrl(`${address}/hubs/lobby`, { accessTokenFactory: () => token, skipNegotiation: true, transport: HttpTransportType.WebSockets })
  .configureLogging(LogLevel.None)
  .build();
connection.on('Feed', ({ feed, events }) => {
  const at = performance.timeOrigin + performance.now();
  for (const { seq, kind, data } of events) seen[feed].push({ seq, kind, data, at });
});
connection.on('Head', () => {});
connection.on('Presence', () => {});
await connection.start();
for (const feed of ['lobby', 'me']) await connection.invoke('Follow', feed, null);
process.stdout.write('ready\n');
process.stdin.resume();
process.stdin.on('end', async () => {
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  await connection.stop();
  process.exit(0);
});
