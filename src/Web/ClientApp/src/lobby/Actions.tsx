import { useRef } from 'preact/hooks';
import { HandIcon, LeftIcon } from '../shared/icons';
import type { Place } from './place';
import type { StatusKind } from './status';
import { t } from './text';

/** What the student may do at any time: call the proctor, or give up the place. */
export function Actions({ place, kind }: { place: Place; kind: StatusKind }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const raised = place.me.value?.handRaised ?? false;
  const mayLeave =
    kind === 'waiting' || kind === 'approved' || kind === 'approvedManual' || kind === 'opening';
  return (
    <div class="actions spread">
      <div class="hand">
        <button
          type="button"
          class={raised ? 'button pressed' : 'button'}
          aria-pressed={raised}
          onClick={() => place.act('RaiseHand', !raised)}
        >
          <HandIcon />
          {t(raised ? 'do.lowerHand' : 'do.raiseHand')}
        </button>
        {raised && <span class="hint">{t('do.handRaised')}</span>}
      </div>
      {mayLeave && (
        <button type="button" class="button plain" onClick={() => dialog.current?.showModal()}>
          <LeftIcon />
          {t('do.leave')}
        </button>
      )}
      <dialog ref={dialog} aria-labelledby="leave-title">
        <form method="dialog" class="stack">
          <h2 id="leave-title">{t('leave.title')}</h2>
          <p class="muted">{t('leave.body')}</p>
          <div class="actions end">
            <button type="submit" class="button">
              {t('leave.stay')}
            </button>
            <button type="submit" class="button danger" onClick={() => place.act('Withdraw')}>
              {t('leave.confirm')}
            </button>
          </div>
        </form>
      </dialog>
    </div>
  );
}
