import type { ChangedMany, RegisteredMany } from '../../shared/wire';
import { Icon } from '../shell/Icon';
import { t } from '../text';
import { refusals } from './people';

interface OutcomeProps {
  answer: RegisteredMany | ChangedMany;
  done: 'moved' | 'cancelled' | 'registered';
}

/** What became of registering, moving or cancelling many: what was done, what was left alone and why. */
export function Outcome({ answer, done }: OutcomeProps) {
  const lines: string[] = [];
  if ('registered' in answer) {
    lines.push(t('people.registered', { count: answer.registered }));
    if (answer.moved > 0) lines.push(t('people.movedHere', { count: answer.moved }));
  } else lines.push(t(done === 'cancelled' ? 'people.cancelled' : 'people.moved', { count: answer.changed }));
  if (answer.already > 0) lines.push(t('people.already', { count: answer.already }));
  const refused = refusals(answer);
  return (
    <div class="outcome" data-testid="outcome">
      {lines.map((line) => (
        <p key={line}>
          <Icon name="check" />
          {line}
        </p>
      ))}
      {answer.overCapacity ? (
        <p class="warned">
          <Icon name="alert" />
          {t('people.overCapacity', { count: answer.overCapacity })}
        </p>
      ) : null}
      {refused.map(({ reason, count }) => (
        <p key={reason} class="warned">
          <Icon name="alert" />
          <span>
            {t('people.refused', { count })} {reason}
          </span>
        </p>
      ))}
    </div>
  );
}
