import { ApprovedIcon } from '../shared/icons';
import type { Lobby } from '../shared/wire';
import { type StatusKind, type Step, stepsOf } from './status';
import { t } from './text';
import { whenText } from './times';

/** What happened, what is happening, what comes next. */
export function Steps({ kind, lobby, now }: { kind: StatusKind; lobby: Lobby; now: number }) {
  const steps = stepsOf(kind);
  if (!steps) return null;
  const early =
    (lobby.phase === 'scheduled' || lobby.phase === 'lobbyOpen') && Date.parse(lobby.opensAt) > now;
  const words = [
    t('step.asked'),
    steps[1] === 'done' ? t('approvedAlready') : t('step.approval'),
    early && lobby.startMode === 'automatic'
      ? t('step.startAt', { time: whenText(lobby.opensAt, lobby.timeZone, now) })
      : t('step.start'),
  ];
  return (
    <ol class="steps">
      {steps.map((step, index) => (
        <li key={words[index]} class={step} aria-current={step === 'now' ? 'step' : undefined}>
          <Mark step={step} number={index + 1} />
          <span>{words[index]}</span>
          {step === 'done' && <span class="visually-hidden">({t('step.done')})</span>}
        </li>
      ))}
    </ol>
  );
}

function Mark({ step, number }: { step: Step; number: number }) {
  return (
    <span class="mark" aria-hidden="true">
      {step === 'done' ? <ApprovedIcon /> : number}
    </span>
  );
}
