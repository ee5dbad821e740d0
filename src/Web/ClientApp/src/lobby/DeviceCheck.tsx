import type { ReadonlySignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { FeedClient } from '../shared/feedClient';
import { ApprovedIcon, WarningIcon } from '../shared/icons';
import { browserStorage } from './keptPlaces';
import { t } from './text';
import { amountText } from './times';

interface Finding {
  name: string;
  good: boolean;
  text: string;
}

const slowMilliseconds = 1500;
const skewMilliseconds = 30_000;

/** What may get in the way later, looked at while there is time. */
export function DeviceCheck({ client, now }: { client: FeedClient; now: ReadonlySignal<number> }) {
  // The clock is not a signal; the page's second is often enough to look at it.
  now.value;
  const storage = useMemo(() => browserStorage() !== null, []);
  const findings = [
    connectionOf(client),
    clockOf(client),
    {
      name: t('check.storage'),
      good: storage,
      text: t(storage ? 'check.storage.good' : 'check.storage.off'),
    },
    {
      name: t('check.screen'),
      good: document.fullscreenEnabled,
      text: t(document.fullscreenEnabled ? 'check.screen.good' : 'check.screen.off'),
    },
  ];
  const bad = findings.filter(({ good }) => !good).length;
  return (
    <details class="card check">
      <summary>
        <span>{t('check.title')}</span>
        <span class={bad ? 'badge warn' : 'badge ok'}>
          {bad ? <WarningIcon /> : <ApprovedIcon />}
          {bad ? t('check.some', { count: bad }) : t('check.good')}
        </span>
      </summary>
      <dl>
        {findings.map(({ name, good, text }) => (
          <div key={name} class={good ? 'good' : 'bad'}>
            {good ? <ApprovedIcon /> : <WarningIcon />}
            <dt>{name}</dt>
            <dd class="muted">{text}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function connectionOf(client: FeedClient): Finding {
  const name = t('check.connection');
  if (client.connection.value !== 'connected') return { name, good: false, text: t('check.connection.off') };
  if (!client.clock.known) return { name, good: true, text: t('check.clock.unknown') };
  const milliseconds = Math.round(2 * client.clock.slack);
  const good = milliseconds < slowMilliseconds;
  return { name, good, text: t(good ? 'check.connection.good' : 'check.connection.slow', { milliseconds }) };
}

function clockOf({ clock }: FeedClient): Finding {
  const name = t('check.clock');
  if (!clock.known) return { name, good: true, text: t('check.clock.unknown') };
  const { offset } = clock;
  if (Math.abs(offset) < skewMilliseconds) return { name, good: true, text: t('check.clock.good') };
  const amount = amountText(offset);
  return { name, good: false, text: t(offset < 0 ? 'check.clock.ahead' : 'check.clock.behind', { amount }) };
}
