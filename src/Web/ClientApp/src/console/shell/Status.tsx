import type { EntryState, PresenceState, SessionPhase } from '../../shared/wire';
import { t } from '../text';
import { Icon, type IconName } from './Icon';

/** How a state looks: never by colour alone. */
interface Look {
  icon: IconName;
  tone: 'quiet' | 'plain' | 'accent' | 'ok' | 'warn' | 'bad';
}

const phaseLook: Record<SessionPhase, Look> = {
  scheduled: { icon: 'calendar', tone: 'plain' },
  lobbyOpen: { icon: 'door', tone: 'accent' },
  open: { icon: 'play', tone: 'ok' },
  held: { icon: 'pause', tone: 'warn' },
  draining: { icon: 'hourglass', tone: 'warn' },
  closed: { icon: 'lock', tone: 'quiet' },
  cancelled: { icon: 'ban', tone: 'quiet' },
};

const stateLook: Record<EntryState, Look> = {
  waiting: { icon: 'clock', tone: 'accent' },
  approved: { icon: 'checkCircle', tone: 'ok' },
  denied: { icon: 'xCircle', tone: 'bad' },
  withdrawn: { icon: 'leave', tone: 'quiet' },
  entering: { icon: 'arrowIn', tone: 'ok' },
  testing: { icon: 'pencil', tone: 'ok' },
  paused: { icon: 'pause', tone: 'warn' },
  atSeal: { icon: 'lock', tone: 'warn' },
  interrupted: { icon: 'unplug', tone: 'bad' },
  submitted: { icon: 'flag', tone: 'plain' },
  terminated: { icon: 'stop', tone: 'bad' },
  noShow: { icon: 'ghost', tone: 'quiet' },
  expired: { icon: 'hourglass', tone: 'quiet' },
  moved: { icon: 'leave', tone: 'quiet' },
  removed: { icon: 'close', tone: 'quiet' },
};

const presenceLook: Record<PresenceState, Look> = {
  never: { icon: 'ghost', tone: 'quiet' },
  online: { icon: 'dotFull', tone: 'ok' },
  lagging: { icon: 'dotHalf', tone: 'warn' },
  lost: { icon: 'dotEmpty', tone: 'bad' },
};

export function PhaseBadge({ phase }: { phase: SessionPhase }) {
  const { icon, tone } = phaseLook[phase];
  return (
    <span class={`badge ${tone}`} data-testid="phase" data-phase={phase}>
      <Icon name={icon} />
      {t(`phase.${phase}`)}
    </span>
  );
}

export function StateBadge({ state }: { state: EntryState }) {
  const { icon, tone } = stateLook[state];
  return (
    <span class={`badge ${tone}`} data-testid="state" data-state={state}>
      <Icon name={icon} />
      {t(`state.${state}`)}
    </span>
  );
}

export function PresenceBadge({ presence }: { presence: PresenceState }) {
  const { icon, tone } = presenceLook[presence];
  return (
    <span class={`badge bare ${tone}`} data-presence={presence}>
      <Icon name={icon} />
      {t(`presence.${presence}`)}
    </span>
  );
}

/** Plainly marks what is practice and kept apart from real records. */
export function RehearsalBadge() {
  return (
    <span class="rehearsal" title={t('rehearsal.hint')} data-testid="rehearsal-badge">
      {t('rehearsal')}
    </span>
  );
}
