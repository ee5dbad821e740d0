import { type Signal, useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import {
  ApprovedIcon,
  DeniedIcon,
  EndedIcon,
  InterruptedIcon,
  LeftIcon,
  PausedIcon,
  ProctorIcon,
  SealIcon,
  SubmittedIcon,
  TestingIcon,
  WaitingIcon,
} from '../shared/icons';
import type { Lobby, Me } from '../shared/wire';
import { Countdown } from './Countdown';
import { NextActions } from './NextActions';
import type { Place } from './place';
import { Steps } from './Steps';
import { type StatusKind, tones } from './status';
import { t } from './text';
import { whenText } from './times';

const icons: Partial<Record<StatusKind, FunctionComponent>> = {
  waiting: WaitingIcon,
  connecting: WaitingIcon,
  approved: ApprovedIcon,
  approvedManual: ApprovedIcon,
  opening: ApprovedIcon,
  entering: ApprovedIcon,
  held: PausedIcon,
  paused: PausedIcon,
  denied: DeniedIcon,
  deniedForGood: DeniedIcon,
  withdrawn: LeftIcon,
  testing: TestingIcon,
  atSeal: SealIcon,
  interrupted: InterruptedIcon,
  takenOver: InterruptedIcon,
  gone: InterruptedIcon,
  submitted: SubmittedIcon,
};

interface StatusCardProps {
  place: Place;
  kind: StatusKind;
  onForm: (again: boolean) => void;
  announced: Signal<string>;
}

/** The one big honest sentence: what is so, what happens next, what to do. */
export function StatusCard({ place, kind, onForm, announced }: StatusCardProps) {
  const me = place.me.value;
  const lobby = place.lobby.value;
  const title = titleOf(kind, place, lobby);
  const body = bodyOf(kind, me);
  const first = useSignal(true);
  useEffect(() => {
    if (!first.value) announced.value = `${title}. ${body}`;
    first.value = false;
  }, [title, body, announced, first]);

  const Icon = icons[kind] ?? EndedIcon;
  const reason = reasonOf(kind, me, lobby);
  const pending = me?.pendingCommand;
  return (
    <section class={`card status ${tones[kind]}`} aria-labelledby="status-title">
      <p class={`badge ${tones[kind]}`}>
        <Icon />
        {pending ? t(`pending.${pending}`) : t(`status.${kind}.word`)}
      </p>
      <div class="status-text">
        <h2 id="status-title">{title}</h2>
        <p class="muted">{body}</p>
      </div>
      {reason && (
        <blockquote class="reason">
          <p class="hint">{t('reason')}</p>
          <p>{reason}</p>
        </blockquote>
      )}
      {lobby && (kind === 'waiting' || kind === 'approved') && <Countdown lobby={lobby} now={place.now} />}
      {kind === 'waiting' && <Facts place={place} />}
      {lobby && <Steps kind={kind} lobby={lobby} now={place.now.value} />}
      <NextActions place={place} kind={kind} onForm={onForm} />
    </section>
  );
}

function titleOf(kind: StatusKind, place: Place, lobby: Lobby | null): string {
  const seal = place.me.value?.seal;
  if (kind === 'atSeal' && seal) return t('status.atSeal.named', { section: seal });
  if (kind !== 'approved' || !lobby) return t(`status.${kind}.title` as 'status.waiting.title');
  if (Date.parse(lobby.opensAt) <= place.now.value) return t('status.approved.soon');
  return t('status.approved.title', { time: whenText(lobby.opensAt, lobby.timeZone, place.now.value) });
}

function bodyOf(kind: StatusKind, me: Me | null): string {
  if (kind === 'denied') return t('status.denied.body', { count: Math.max(0, (me?.deniedTimes ?? 1) - 1) });
  return t(`status.${kind}.body`);
}

function reasonOf(kind: StatusKind, me: Me | null, lobby: Lobby | null): string | null {
  if (kind === 'held') return lobby?.holdReason ?? null;
  const shown: StatusKind[] = [
    'denied',
    'deniedForGood',
    'terminated',
    'waiting',
    'expired',
    'removed',
    'moved',
  ];
  return (shown.includes(kind) && me?.reason) || null;
}

function Facts({ place }: { place: Place }) {
  const ahead = place.ahead.value;
  const present = place.proctorPresent.value;
  if (ahead === null && present === null) return null;
  return (
    <ul class="facts">
      {ahead !== null && (
        <li>
          <WaitingIcon />
          {ahead ? t('ahead', { count: ahead }) : t('ahead.none')}
        </li>
      )}
      {present !== null && (
        <li>
          <ProctorIcon />
          {t(present ? 'proctor.present' : 'proctor.absent')}
        </li>
      )}
    </ul>
  );
}
