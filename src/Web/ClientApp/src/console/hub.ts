import { computed, signal } from '@preact/signals';
import { isRefusal, signalRLink } from '../shared/connection';
import { FeedClient } from '../shared/feedClient';

/** The console's one connection. */
export const client = new FeedClient({
  link: (transport) => signalRLink('/hubs/dashboard', null, transport),
  isRefusal,
  pulse: { method: 'Clock', everyMilliseconds: 8000, timeoutMilliseconds: 8000 },
});

export const connected = computed(() => client.connection.value === 'connected');

/** Server time in Unix milliseconds, moved on about once a second: for everything that counts down. */
export const now = signal(client.clock.now());

/** Keeps `now` going and wakes the connection when the network or the page comes back. */
export function keepTime(): void {
  setInterval(() => {
    now.value = client.clock.now();
  }, 1000);
  addEventListener('online', () => client.hurry());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      now.value = client.clock.now();
      client.hurry();
    }
  });
}
