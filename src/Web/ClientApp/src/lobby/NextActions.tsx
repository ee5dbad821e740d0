import { PausedIcon, ResumeIcon, WarningIcon } from '../shared/icons';
import type { Me } from '../shared/wire';
import { detailOf } from './detailOf';
import type { Place } from './place';
import { SealForm } from './SealForm';
import type { StatusKind } from './status';
import { t } from './text';

interface NextActionsProps {
  place: Place;
  kind: StatusKind;
  onForm: (again: boolean) => void;
}

/** What the student can do about the state: at most one of them stands out. */
export function NextActions({ place, kind, onForm }: NextActionsProps) {
  const me = place.me.value;
  return (
    <>
      <EnteringNote place={place} kind={kind} />
      <div class="actions">{actionsOf(kind, place, me, onForm)}</div>
    </>
  );
}

function actionsOf(kind: StatusKind, place: Place, me: Me | null, onForm: (again: boolean) => void) {
  switch (kind) {
    case 'denied':
      return <AskAgain place={place} />;
    case 'withdrawn':
      return <Primary text={t('do.comeBack')} onClick={() => place.act('Return')} />;
    case 'entering':
      return <OpenTest place={place} text={t('do.openTest')} />;
    case 'atSeal':
      return (
        <>
          <SealForm place={place} />
          {me?.mayReturn && <OpenTest place={place} text={t('do.returnToTest')} quiet />}
        </>
      );
    case 'testing':
    case 'interrupted':
    case 'paused':
    case 'held':
      return (
        <>
          {kind === 'paused' && me?.mayPause && !me.pendingCommand && (
            <button type="button" class="button primary" onClick={() => place.act('ResumeTest')}>
              <ResumeIcon />
              {t('do.resume')}
            </button>
          )}
          {me?.mayReturn && (
            <OpenTest
              place={place}
              text={t('do.returnToTest')}
              quiet={kind === 'paused' || kind === 'held'}
            />
          )}
          {kind === 'testing' && me?.mayPause && !me.pendingCommand && (
            <button type="button" class="button" onClick={() => place.act('PauseTest')}>
              <PausedIcon />
              {t('do.pause')}
            </button>
          )}
        </>
      );
    case 'takenOver':
      return <Primary text={t('do.useThisDevice')} onClick={() => onForm(true)} />;
    case 'gone':
      return <Primary text={t('do.joinAgain')} onClick={() => onForm(true)} />;
    case 'submitted':
    case 'terminated':
    case 'noShow':
    case 'expired':
    case 'moved':
    case 'removed':
    case 'cancelled':
      return (
        <button type="button" class="button" onClick={() => onForm(false)}>
          {t('do.joinAnother')}
        </button>
      );
    default:
      return null;
  }
}

function Primary({ text, onClick }: { text: string; onClick: () => void }) {
  return (
    <button type="button" class="button primary" onClick={onClick}>
      {text}
    </button>
  );
}

function OpenTest({ place, text, quiet }: { place: Place; text: string; quiet?: boolean }) {
  const { kind } = place.entering.state.value;
  return (
    <button
      type="button"
      class={quiet ? 'button' : 'button primary'}
      disabled={kind === 'asking' || kind === 'leaving'}
      onClick={() => void place.entering.open()}
    >
      {text}
    </button>
  );
}

function AskAgain({ place }: { place: Place }) {
  const from = place.me.value?.askAgainAt;
  const left = from ? Math.ceil((Date.parse(from) - place.now.value) / 1000) : 0;
  return (
    <button
      type="button"
      class="button primary numbers"
      disabled={left > 0}
      onClick={() => place.act('AskAgain')}
    >
      {left > 0 ? t('countdown.askAgain', { count: left }) : t('do.askAgain')}
    </button>
  );
}

/** Why the test did not open, or why a wish was refused. */
function EnteringNote({ place, kind }: { place: Place; kind: StatusKind }) {
  const entering = place.entering.state.value;
  const failure = place.failure.value;
  if (entering.kind === 'retrying' || entering.kind === 'stopped') {
    const detail = detailOf(entering.problem);
    const approval = entering.kind === 'stopped' && entering.problem.code === 'approvalNeeded';
    return (
      <div class="notice warn" role="status">
        <WarningIcon />
        <div>
          {entering.kind === 'retrying' ? t('entering.retry', { detail }) : t('entering.stopped', { detail })}
          {approval && (
            <button type="button" class="link" onClick={() => place.act('Return')}>
              {t('do.askToContinue')}
            </button>
          )}
          {entering.kind === 'stopped' && kind === 'opening' && (
            <button type="button" class="link" onClick={() => void place.entering.open()}>
              {t('do.openTest')}
            </button>
          )}
        </div>
      </div>
    );
  }
  // What was refused at a seal stands beside the code.
  return failure && kind !== 'atSeal' ? (
    <div class="notice warn" role="status">
      <WarningIcon />
      <span>{t('do.failed', { detail: detailOf(failure) })}</span>
    </div>
  ) : null;
}
