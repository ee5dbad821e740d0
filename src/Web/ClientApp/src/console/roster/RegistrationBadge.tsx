import type { RegistrationStatus } from '../../shared/wire';
import { Icon, type IconName } from '../shell/Icon';
import { t } from '../text';

const looks: Record<RegistrationStatus, { icon: IconName; tone: string }> = {
  pending: { icon: 'clock', tone: 'plain' },
  started: { icon: 'pencil', tone: 'ok' },
  completed: { icon: 'flag', tone: 'accent' },
  cancelled: { icon: 'ban', tone: 'quiet' },
};

export function RegistrationBadge({ status }: { status: RegistrationStatus }) {
  const { icon, tone } = looks[status];
  return (
    <span class={`badge ${tone}`} data-status={status}>
      <Icon name={icon} />
      {t(`registration.${status}`)}
    </span>
  );
}
