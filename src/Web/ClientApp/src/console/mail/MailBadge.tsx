import type { MailState } from '../../shared/wire';
import { Icon, type IconName } from '../shell/Icon';
import { t } from '../text';

export const mailStates: readonly MailState[] = [
  'waiting',
  'sending',
  'handingOver',
  'sent',
  'failed',
  'unconfirmed',
  'written',
  'superseded',
];

const looks: Record<MailState, { icon: IconName; tone: string }> = {
  waiting: { icon: 'clock', tone: 'plain' },
  sending: { icon: 'hourglass', tone: 'accent' },
  handingOver: { icon: 'hourglass', tone: 'accent' },
  sent: { icon: 'checkCircle', tone: 'ok' },
  failed: { icon: 'xCircle', tone: 'bad' },
  unconfirmed: { icon: 'alert', tone: 'warn' },
  written: { icon: 'download', tone: 'warn' },
  superseded: { icon: 'undo', tone: 'quiet' },
};

export function MailBadge({ state }: { state: MailState }) {
  const { icon, tone } = looks[state];
  return (
    <span class={`badge ${tone}`} data-mail={state}>
      <Icon name={icon} />
      {t(`mailState.${state}`)}
    </span>
  );
}
